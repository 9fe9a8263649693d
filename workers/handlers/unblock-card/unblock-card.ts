import { type CardStatusDependencies, createCardStatusHandler } from '../set-card-status.ts';

/** The card earns and spends again. */
export function createUnblockCardHandler(dependencies: CardStatusDependencies) {
  return createCardStatusHandler<'unblock-card'>(dependencies, 'active');
}
