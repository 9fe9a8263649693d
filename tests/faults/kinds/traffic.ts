/** Nothing dies, but what arrives is not what one would wish for. */
import { setTimeout as pause } from 'node:timers/promises';
import { createPosClient, type Job, type Sale } from '../../pos-client.ts';
import { appliedAfter, attemptsOf, otherStatuses, POSTS_PER_SECOND, quantile } from '../arena.ts';
import { type Post, seedBusinesses, seeded, startLoad } from '../driver.ts';
import type { Fault } from '../fault.ts';

const COPIES = 100;

const repeatedAndReordered: Fault = {
  name: 'repeated-and-reordered',
  isAlwaysTried: true,
  about: 'each sale posted a hundred times, in any order, fifty at once',
  async run(arena, how) {
    const { stack } = arena;
    const [business] = await seedBusinesses(stack.postgresUrl, { count: 1, customersEach: 10 });
    const [storeId] = business?.storeIds ?? [];
    if (!business || !storeId) throw new Error('no business');
    const random = seeded(how.seed);
    const now = Date.now();
    const sales = Array.from({ length: how.short ? 10 : 50 }, (_, i): Sale => ({
      externalId: `copy ${how.seed}/${i}`,
      storeId,
      occurredAt: new Date(now - i * 60_000).toISOString(),
      customer: { cardCode: business.cards[i % 10]?.code ?? '' },
      currency: 'EUR',
      total: 100 + i,
    }));
    const posts = sales
      .flatMap((sale) => Array.from({ length: COPIES }, () => ({ sale, place: random() })))
      .toSorted((a, b) => a.place - b.place);
    const till = createPosClient({ edgeUrl: stack.edgeUrl, apiKey: business.apiKey });
    const journal = await Promise.all(
      posts.map(async ({ sale }): Promise<Post> => {
        const { status, body } = await till.request<{ job?: Job }>('POST', '/v1/pos/transactions', {
          body: sale,
        });
        const attempts = [{ sentAtMs: now, tookMs: 0, status }];
        return { business, sale, attempts, jobId: body.job?.id };
      }),
    );
    till.close();
    const load = { journal, done: Promise.resolve() };
    const { violations } = await arena.judge({ load, businesses: [business] });
    return { violations, bars: [] };
  },
};

const burst: Fault = {
  name: 'burst',
  about: 'one business posts ten times as much as all do for 60 s, beside a quiet one',
  async run(arena, how) {
    const { stack } = arena;
    const businesses = await seedBusinesses(stack.postgresUrl, { count: 2, customersEach: 40 });
    const [noisy, quiet] = businesses;
    if (!noisy || !quiet) throw new Error('no businesses');
    const ends = await arena.watchEnds();
    const common = { edgeUrl: stack.edgeUrl, duplicates: 0.1 };
    const calm = { ...common, businesses: [quiet], postsPerSecond: 10 };
    // Whoever is told 429 comes back later than the burst lasts.
    const loud = { ...common, businesses: [noisy], connections: 500, patienceMs: 1 };
    const usual = { seconds: how.short ? 10 : 20, seed: how.seed };
    const before = startLoad({ ...calm, ...usual });
    const loudBefore = startLoad({ ...loud, ...usual, postsPerSecond: POSTS_PER_SECOND });
    await Promise.all([before.done, loudBefore.done]);
    // As a database that is older than a minute has done by itself.
    await arena.query('VACUUM ANALYZE');
    const burst = { seconds: how.short ? 10 : 60, seed: how.seed + 1_000 };
    const beside = startLoad({ ...calm, ...burst });
    const flood = startLoad({ ...loud, ...burst, postsPerSecond: 10 * POSTS_PER_SECOND });
    await Promise.all([beside.done, flood.done]);
    // A till that gave up may have been heard all the same; it will ask again under the same key.
    const journal = [before, loudBefore, beside, flood].flatMap((load) => load.journal);
    const taken = journal.filter((post) => post.jobId !== undefined);
    const load = { journal: taken, done: Promise.resolve() };
    const { violations, drainedAfterMs } = await arena.judge({ load, businesses });
    ends.stop();
    const p95 = (of: typeof before) =>
      quantile(
        appliedAfter(of, ends.at).map(({ ms }) => ms),
        0.95,
      );
    const accepted = attemptsOf(flood).filter(({ status }) => status === 202);
    return {
      violations: [
        ...violations,
        ...otherStatuses(attemptsOf(flood), [202, 429, 503]),
        ...otherStatuses(attemptsOf(beside), [202]),
      ],
      bars: [
        {
          about: 'p99 of its 202s',
          measured: quantile(
            accepted.map(({ tookMs }) => tookMs),
            0.99,
          ),
          limit: 1_000,
          unit: 'ms',
        },
        { about: 'all is applied', measured: drainedAfterMs, limit: 300_000, unit: 'ms' },
        {
          about: 'p95 of the quiet one until applied, against before',
          measured: p95(beside) / p95(before),
          limit: 2,
          unit: '×',
        },
      ],
    };
  },
};

const clockWrong: Fault = {
  name: 'clock-wrong',
  about: 'the worker’s clock is ten minutes ahead, then ten behind',
  async run(arena, how) {
    const violations: string[] = [];
    for (const minutes of how.short ? [10] : [10, -10]) {
      const run = await arena.underLoad(how, async () => {
        const putBack = await arena.shiftWorkerClock(minutes);
        await pause(2_000);
        await putBack();
      });
      violations.push(...(await arena.judge(run)).violations);
    }
    return { violations, bars: [] };
  },
};

export const trafficFaults: readonly Fault[] = [repeatedAndReordered, burst, clockWrong];
