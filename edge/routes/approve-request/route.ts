import { approveRequest } from '../../../queues/commands/approve-request.ts';
import type { CommandGate } from '../../command-gate.ts';
import { decisionRoute } from '../../resources/decision.ts';

/** `POST /v1/admin/approvals/{id}/approve` */
export function approveRequestRoute(deps: { gate: CommandGate }) {
  return decisionRoute(deps, {
    command: approveRequest,
    path: '/v1/admin/approvals/:id/approve',
    summary: 'Approve what somebody asked for',
    description:
      'It is done in the same moment. Who asked cannot approve: it takes a second person.',
  });
}
