import { describe, expect, jest, test } from '@jest/globals';
import { groupCommit } from './group-commit.ts';

/** A store whose calls end when they are told to. */
function aStore(maxItems = 100, gatherMs = 0) {
  const calls: { items: readonly number[]; end(): void; fail(error: Error): void }[] = [];
  const submit = groupCommit<number, number>(
    (items) =>
      new Promise((resolve, reject) => {
        calls.push({ items, end: () => resolve(items.map((n) => n * 2)), fail: reject });
      }),
    { maxItems, gatherMs },
  );
  return { calls, submit };
}

const turn = () => new Promise(setImmediate);

describe('a group commit', () => {
  test('makes one call of those who come together, and gives each its own result', async () => {
    const { calls, submit } = aStore();
    const results = Promise.all([1, 2, 3].map(submit));
    await turn();
    calls[0]!.end();
    expect(await results).toEqual([2, 4, 6]);
    expect(calls.map((call) => call.items)).toEqual([[1, 2, 3]]);
  });

  test('lets those who come during a call go together with the next', async () => {
    const { calls, submit } = aStore();
    const first = submit(1);
    await turn();
    const rest = Promise.all([submit(2), submit(3)]);
    await turn();
    expect(calls).toHaveLength(1);
    calls[0]!.end();
    await first;
    await turn();
    expect(calls.map((call) => call.items)).toEqual([[1], [2, 3]]);
    calls[1]!.end();
    expect(await rest).toEqual([4, 6]);
  });

  test('gathers who comes within its time, where nobody waits for an answer', async () => {
    jest.useFakeTimers({ doNotFake: ['setImmediate', 'nextTick', 'queueMicrotask'] });
    try {
      const { calls, submit } = aStore(100, 10);
      const results = [submit(1)];
      await turn();
      results.push(submit(2));
      jest.advanceTimersByTime(9);
      results.push(submit(3));
      expect(calls).toEqual([]);
      jest.advanceTimersByTime(1);
      expect(calls.map((call) => call.items)).toEqual([[1, 2, 3]]);
      results.push(submit(4));
      jest.advanceTimersByTime(10);
      // One call at a time, all the same.
      expect(calls).toHaveLength(1);
      calls[0]!.end();
      expect(await Promise.all(results.slice(0, 3))).toEqual([2, 4, 6]);
      await turn();
      expect(calls[1]!.items).toEqual([4]);
    } finally {
      jest.useRealTimers();
    }
  });

  test('fails those who waited behind a call that failed, and nobody after them', async () => {
    const { calls, submit } = aStore();
    const results = [submit(1)];
    await turn();
    results.push(submit(2), submit(3));
    calls[0]!.fail(new Error('timed out'));
    const settled = await Promise.allSettled(results);
    expect(settled.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
    expect(calls).toHaveLength(1);

    const later = submit(4);
    await turn();
    calls[1]!.end();
    expect(await later).toBe(8);
  });

  test('gives an item its own error and its neighbours their results', async () => {
    const submit = groupCommit<number, number>(
      async (items) => items.map((n) => (n === 2 ? new Error('not you') : n)),
      { maxItems: 10 },
    );
    const [one, two, three] = await Promise.allSettled([submit(1), submit(2), submit(3)]);
    expect([one?.status, two?.status, three?.status]).toEqual([
      'fulfilled',
      'rejected',
      'fulfilled',
    ]);
  });

  test('makes no call larger than its limit', async () => {
    const { calls, submit } = aStore(2);
    const results = Promise.all([1, 2, 3, 4, 5].map(submit));
    for (let ended = 0; ended < 5;) {
      await turn();
      const call = calls.shift();
      if (!call) continue;
      expect(call.items.length).toBeLessThanOrEqual(2);
      ended += call.items.length;
      call.end();
    }
    expect(await results).toEqual([2, 4, 6, 8, 10]);
  });
});
