import { blockCard } from '../../../queues/commands/block-card.ts';
import type { CommandGate } from '../../command-gate.ts';
import { cardStatusRoute } from '../../resources/card-status.ts';

/** `POST /v1/admin/cards/{id}/block` */
export function blockCardRoute(deps: { gate: CommandGate }) {
  return cardStatusRoute(deps, {
    command: blockCard,
    path: '/v1/admin/cards/:id/block',
    summary: 'Block a card',
    description: 'Its sales are recorded and earn nothing, until it is unblocked.',
  });
}
