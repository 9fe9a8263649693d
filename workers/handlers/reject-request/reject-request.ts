import { createDecisionHandler, type DecisionDependencies } from '../decide-approval.ts';

/** What somebody asked for does not happen. */
export function createRejectRequestHandler(dependencies: DecisionDependencies) {
  return createDecisionHandler<'reject-request'>(dependencies, 'reject');
}
