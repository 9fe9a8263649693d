import { type CardStatusDependencies, createCardStatusHandler } from '../set-card-status.ts';

/** From now on the card earns nothing and spends nothing. */
export function createBlockCardHandler(dependencies: CardStatusDependencies) {
  return createCardStatusHandler<'block-card'>(dependencies, 'blocked');
}
