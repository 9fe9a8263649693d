import { describe, expect, test } from '@jest/globals';
import { until } from '../../tests/until.ts';
import { type BatcherOptions, createBatcher } from './batcher.ts';

class Outage extends Error {}

const letters = (text: string): string[] => text.split('');

/** A batcher that shouts what it is given, with every batch it made. */
function aBatcher(over: Partial<BatcherOptions<string, string>> = {}) {
  const batches: string[][] = [];
  const pauses: number[] = [];
  const process = over.process ?? (async (items) => items.map((item) => item.toUpperCase()));
  const batcher = createBatcher<string, string>({
    maxSize: 100,
    maxConcurrent: 1,
    lingerMs: 1,
    patienceMs: 5,
    isOutage: (error) => error instanceof Outage,
    outageRetriesMs: [1, 2, 3],
    sleep: async (ms) => void pauses.push(ms),
    ...over,
    process(items) {
      batches.push([...items]);
      return process(items);
    },
  });
  return {
    batches,
    pauses,
    submit: (items: string) => letters(items).map((item) => batcher.submit(item)),
  };
}

describe('a batcher', () => {
  test('does together what arrives together, and gives each item its own outcome, in order', async () => {
    const { batches, submit } = aBatcher();
    expect(await Promise.all(submit('abc'))).toEqual(['A', 'B', 'C']);
    expect(batches).toEqual([['a', 'b', 'c']]);
  });

  test('makes no batch larger than its limit and loses nothing beyond it', async () => {
    const { batches, submit } = aBatcher({ maxSize: 3 });
    expect(await Promise.all(submit('abcdefgh'))).toEqual(letters('ABCDEFGH'));
    expect(Math.max(...batches.map((batch) => batch.length))).toBe(3);
    expect(batches.flat()).toEqual(letters('abcdefgh'));
  });

  test.each([1, 2, 3])('has at most %i batches under way at once', async (maxConcurrent) => {
    let underWay = 0;
    let most = 0;
    const { submit } = aBatcher({
      maxSize: 2,
      maxConcurrent,
      async process(items) {
        most = Math.max(most, (underWay += 1));
        await new Promise(setImmediate);
        underWay -= 1;
        return [...items];
      },
    });
    await Promise.all(submit('abcdefghijkl'));
    expect(most).toBe(maxConcurrent);
  });

  test('a bad item fails alone: its neighbours are done, each exactly once', async () => {
    const done: string[] = [];
    const { submit } = aBatcher({
      async process(items) {
        if (items.includes('x')) throw new Error('poison');
        done.push(...items);
        return [...items];
      },
    });
    const results = await Promise.allSettled(submit('abxcd'));
    expect(results.map((result) => result.status)).toEqual([
      'fulfilled',
      'fulfilled',
      'rejected',
      'fulfilled',
      'fulfilled',
    ]);
    expect(done).toEqual(letters('abcd'));
  });

  test('during an outage the whole batch waits, ever longer, and then succeeds', async () => {
    let away = 3;
    const { batches, pauses, submit } = aBatcher({
      async process(items) {
        if ((away -= 1) >= 0) throw new Outage();
        return [...items];
      },
    });
    expect(await Promise.all(submit('abc'))).toEqual(letters('abc'));
    expect(batches).toEqual(Array.from({ length: 4 }, () => letters('abc')));
    expect(pauses).toEqual([1, 2, 3]);
  });

  test('items that have to wait for somebody go apart, and the others go on at once', async () => {
    let release = () => undefined as void;
    const released = new Promise<void>((resolve) => (release = resolve));
    class Busy extends Error {}
    const { batches, submit } = aBatcher({
      busyOnes: (error) => (error instanceof Busy ? [1] : undefined),
      async process(items) {
        if (items.length > 1 && items.includes('b')) throw new Busy();
        if (items.includes('b')) await released;
        return [...items];
      },
    });
    const [a, b, c] = submit('abc');
    expect(await Promise.all([a, c])).toEqual(['a', 'c']);
    expect(await Promise.all(submit('d'))).toEqual(['d']);
    release();
    expect(await b).toBe('b');
    expect(batches).toEqual([letters('abc'), ['b'], letters('ac'), ['d']]);
  });

  test('an outage that outlasts its patience fails every item as such, and none one by one', async () => {
    const { batches, submit } = aBatcher({
      async process() {
        throw new Outage();
      },
    });
    const results = await Promise.allSettled(submit('abc'));
    for (const result of results) expect(result).toMatchObject({ reason: expect.any(Outage) });
    expect(batches).toHaveLength(4);
  });

  test('what arrives during an outage is done after it', async () => {
    let away = true;
    const { batches, submit } = aBatcher({
      outageRetriesMs: Array(10_000).fill(0),
      sleep: () => new Promise(setImmediate),
      async process(items) {
        if (away) throw new Outage();
        return [...items];
      },
    });
    const early = submit('ab');
    await until('the first batch has met the outage', () => batches.length > 0);
    const late = submit('cd');
    away = false;
    expect(await Promise.all([...early, ...late])).toEqual(letters('abcd'));
  });

  test('refuses a process that answers for more or fewer items than it was given', async () => {
    const { submit } = aBatcher({ process: async (items) => items.slice(1) });
    const results = await Promise.allSettled(submit('ab'));
    expect(results.map((result) => result.status)).toEqual(['rejected', 'rejected']);
  });
});
