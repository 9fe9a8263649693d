import { describe, expect, test } from '@jest/globals';
import { assert, property, string } from 'fast-check';
import { idPattern } from '../domain/values/ids.ts';
import { anId } from '../tests/builders/domain.ts';
import { hashRequest, jobIdFor } from './job-id.ts';

const post = {
  businessId: anId('biz'),
  principal: { kind: 'integration', id: 'pos' },
  command: 'record-purchase',
  key: 'default:1',
} as const;

describe('a job id', () => {
  test('is the same for the same post, today and in a year', () => {
    expect(jobIdFor(post)).toBe(jobIdFor({ ...post }));
    // Frozen: were it to change, a sale posted again after a release would be a new job.
    expect(jobIdFor(post)).toBe('job_61aerxgzs7hfktemdf8xkmxgcf');
  });

  test('differs by business, principal, command and key', () => {
    const ids = [
      post,
      { ...post, businessId: anId('biz', 2) },
      { ...post, principal: { kind: 'integration', id: 'pos-2' } as const },
      { ...post, command: 'record-refund' },
      { ...post, key: 'key:1' },
    ].map(jobIdFor);
    expect(new Set(ids).size).toBe(5);
  });

  test('cannot be forged by moving text from one part to the next', () => {
    const a = jobIdFor({ ...post, command: 'a","b', key: 'c' });
    const b = jobIdFor({ ...post, command: 'a', key: 'b","c' });
    expect(a).not.toBe(b);
  });

  test('is one that BullMQ takes, whatever the key: no colon, not all digits', () => {
    assert(
      property(string(), (key) => {
        expect(jobIdFor({ ...post, key })).toMatch(idPattern('job'));
      }),
    );
  });
});

test('a request’s hash tells bodies apart and has the length that envelopes expect', () => {
  expect(hashRequest({ total: 1 })).toHaveLength(43);
  expect(hashRequest({ total: 1 })).not.toBe(hashRequest({ total: 2 }));
  expect(hashRequest({ total: 1 })).toBe(hashRequest({ total: 1 }));
});
