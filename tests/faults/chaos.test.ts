/**
 * Things die, hang and fill up under load, some of each kind, once and for seconds: every 202 comes to its end,
 * nothing counts twice, nothing is lost, and the books are right. `npm run chaos` does the same for
 * longer, many times, and holds the times against bars, which a machine with other tests on it cannot.
 */
import { afterAll, afterEach, beforeAll, expect, jest, test } from '@jest/globals';
import { type Arena, openArena } from './arena.ts';
import { faults } from './faults.ts';

jest.setTimeout(400_000);

let arena: Arena;

beforeAll(async () => {
  arena = await openArena();
});

/** One that failed half-way must not leave the next one without a worker. */
afterEach(() => arena.restore());

afterAll(() => arena.close());

test.each(
  faults.filter((fault) => fault.isAlwaysTried).map((fault) => [fault.about, fault] as const),
)('%s: nothing is lost and nothing counts twice', async (_about, fault) => {
  const { violations } = await fault.run(arena, { seed: 1, short: true });
  expect(violations).toEqual([]);
});
