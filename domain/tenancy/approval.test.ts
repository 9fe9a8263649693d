import { expect, test } from '@jest/globals';
import { anId, NOON } from '../../tests/builders/domain.ts';
import { type Approval, refuseDecision } from './approval.ts';

const asked = { kind: 'staff', id: 'stf_1' };
const approval: Approval = {
  id: anId('apr'),
  businessId: anId('biz'),
  kind: 'adjust-card',
  payload: {},
  jobId: anId('job'),
  requestHash: '',
  subjectId: null,
  requestedBy: asked,
  requestedAt: NOON,
  status: 'pending',
};
const other = { kind: 'staff', id: 'stf_2' };
const namesake = { kind: 'integration', id: 'stf_1' };

test('only somebody else approves; who asked may take it back', () => {
  expect(refuseDecision(approval, { by: asked, verdict: 'approve' })).toBe(
    'second-approver-needed',
  );
  expect(refuseDecision(approval, { by: asked, verdict: 'reject' })).toBeUndefined();
  expect(refuseDecision(approval, { by: other, verdict: 'approve' })).toBeUndefined();
  expect(refuseDecision(approval, { by: namesake, verdict: 'approve' })).toBeUndefined();
});

test('what was decided stays decided', () => {
  for (const status of ['approved', 'rejected'] as const) {
    const decided = { ...approval, status };
    expect(refuseDecision(decided, { by: other, verdict: 'approve' })).toBe('already-decided');
    expect(refuseDecision(decided, { by: other, verdict: 'reject' })).toBe('already-decided');
  }
});
