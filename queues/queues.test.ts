import { describe, expect, test } from '@jest/globals';
import { queueNames, queuePolicies, retryDelayMs } from './queues.ts';

describe.each(queueNames)('the queue %s', (queue) => {
  const { attempts, retryDelayMs: delay } = queuePolicies[queue];

  test('pauses between half the planned time and all of it', () => {
    for (let attempt = 1; attempt <= attempts; attempt += 1) {
      const planned = Math.min(delay.longest, delay.first * 2 ** (attempt - 1));
      expect(retryDelayMs(queue, attempt, 0)).toBe(planned);
      expect(retryDelayMs(queue, attempt, 0.999_999)).toBeGreaterThanOrEqual(planned / 2);
      expect(retryDelayMs(queue, attempt, 0.5)).toBe(Math.round(planned * 0.75));
    }
  });

  test('never pauses longer than its longest pause, however often it has tried', () => {
    for (const attempt of [30, 100, 2_000]) {
      expect(retryDelayMs(queue, attempt, 0)).toBe(delay.longest);
    }
  });

  test('keeps trying for at least four minutes, and keeps what failed for 30 days', () => {
    let patienceMs = 0;
    for (let attempt = 1; attempt < attempts; attempt += 1) {
      patienceMs += retryDelayMs(queue, attempt, 0.999_999);
    }
    expect(patienceMs).toBeGreaterThan(4 * 60_000);
    expect(queuePolicies[queue].keepFailedSeconds).toBe(30 * 86_400);
  });
});
