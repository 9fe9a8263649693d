import { unblockCard } from '../../../queues/commands/unblock-card.ts';
import type { CommandGate } from '../../command-gate.ts';
import { cardStatusRoute } from '../../resources/card-status.ts';

/** `POST /v1/admin/cards/{id}/unblock` */
export function unblockCardRoute(deps: { gate: CommandGate }) {
  return cardStatusRoute(deps, {
    command: unblockCard,
    path: '/v1/admin/cards/:id/unblock',
    summary: 'Unblock a card',
    description: 'It earns again. What was sold meanwhile stays without.',
  });
}
