import { rejectRequest } from '../../../queues/commands/reject-request.ts';
import type { CommandGate } from '../../command-gate.ts';
import { decisionRoute } from '../../resources/decision.ts';

/** `POST /v1/admin/approvals/{id}/reject` */
export function rejectRequestRoute(deps: { gate: CommandGate }) {
  return decisionRoute(deps, {
    command: rejectRequest,
    path: '/v1/admin/approvals/:id/reject',
    summary: 'Reject what somebody asked for',
    description: 'Nothing is done. Who asked may take the request back this way.',
  });
}
