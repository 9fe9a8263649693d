import { createDecisionHandler, type DecisionDependencies } from '../decide-approval.ts';

/** A second person lets happen what one alone may not do. */
export function createApproveRequestHandler(dependencies: DecisionDependencies) {
  return createDecisionHandler<'approve-request'>(dependencies, 'approve');
}
