import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Pool } from 'pg';
import pino from 'pino';
import { toUuid } from '../../infra/postgres/ids.ts';
import { createOutbox } from '../../infra/postgres/outbox.ts';
import { measureOutbox } from '../../infra/postgres/outbox-measure.ts';
import type { Queryable } from '../../infra/postgres/pool.ts';
import { createContactSealer } from '../../infra/sealing/contact-sealer.ts';
import type { OutboxEvent } from '../../queues/events/events.ts';
import { aPurchaseMessage } from '../../tests/builders/messages.ts';
import { createTestDatabase, createTestPool, type TestDatabase } from '../../tests/database.ts';
import { createTestHandlers } from '../../tests/handlers.ts';
import { openShop } from '../../tests/journeys/shop.ts';
import { until } from '../../tests/until.ts';
import type { Destination, OutboxRow } from './destination.ts';
import { type RelayOptions, startRelay } from './relay.ts';

const log = pino({ level: 'silent' });

let database: TestDatabase;
let pool: Pool;
let running: { stop(): Promise<void> }[] = [];

beforeAll(async () => {
  database = await createTestDatabase();
  pool = createTestPool(database.workerUrl);
});

beforeEach(() =>
  database.query('WITH old AS (DELETE FROM loyalty.outbox_backlog) DELETE FROM loyalty.outbox'),
);

afterEach(async () => {
  await Promise.all(running.map((relay) => relay.stop()));
  running = [];
});

afterAll(async () => {
  await pool.end();
  await database.drop();
});

/** Records sales, ten a batch, on some cards and on new ones. */
async function recordSales(howMany: number): Promise<void> {
  const customers = [{ program: 'Stamps' }, { program: 'Stamps' }, { program: 'Stamps' }];
  const shop = await openShop(database.ownerUrl, { customers });
  const sealer = createContactSealer(Buffer.alloc(32).toString('base64'));
  const handle = createTestHandlers(pool)['record-purchase'];
  const messages = Array.from({ length: howMany }, (_, i) => {
    const value = `+35191234567${(i / 4) % 2}`;
    const known = { cardCode: shop.cards[i % 3]!.code };
    const customer = i % 4 === 0 ? { sealedContact: sealer.seal({ kind: 'phone', value }) } : known;
    return aPurchaseMessage(shop, { customer });
  });
  for (let i = 0; i < howMany; i += 10) await handle(messages.slice(i, i + 10));
}

function aRelay(
  deliver: (rows: readonly OutboxRow[]) => Promise<void>,
  over: Partial<RelayOptions<Queryable>> = {},
): { stop(): Promise<void>; errors: unknown[]; pool: Pool } {
  const own = createTestPool(database.workerUrl, { maxConnections: 2 });
  const outbox = createOutbox({ pool: own, url: database.workerUrl, log });
  const errors: unknown[] = [];
  const relay = startRelay({
    outbox,
    destinations: [{ name: 'test', deliver, timeoutMs: 10_000 }],
    batchSize: 10,
    pollMs: 50,
    retryMs: 10,
    patienceMs: 60_000,
    onError: (error) => void errors.push(error),
    ...over,
  });
  let stopping: Promise<void> | undefined;
  const stopAll = async () => {
    await relay.stop();
    await outbox.close();
    await own.end();
  };
  const handle = { stop: () => (stopping ??= stopAll()), errors, pool: own };
  running.push(handle);
  return handle;
}

/** Nothing waits, neither in the outbox nor for a destination that was not given it at once. */
async function outboxIsEmpty(): Promise<boolean> {
  const { outbox, backlog } = await waiting();
  return outbox + backlog === 0;
}

async function waiting() {
  const [row] = await database.query<{ outbox: number; backlog: number }>(
    `SELECT (SELECT count(*)::int FROM loyalty.outbox) AS outbox,
            (SELECT count(*)::int FROM loyalty.outbox_backlog) AS backlog`,
  );
  return row!;
}

describe('a relay', () => {
  test('carries every fact once, and each card’s sequence has no gap', async () => {
    await recordSales(60);
    const events: OutboxEvent[] = [];
    aRelay(async (rows) => void events.push(...rows.flatMap((row) => row.events)));
    await until('the outbox is empty', outboxIsEmpty);
    expect(new Set(events.map((event) => event.id)).size).toBe(events.length);
    expect(events.filter((event) => event.type === 'transaction.recorded')).toHaveLength(60);

    const sequences = new Map<string, number[]>();
    for (const { data } of events) {
      if (!('sequence' in data)) continue;
      sequences.set(data.cardId, [...(sequences.get(data.cardId) ?? []), data.sequence]);
    }
    expect(sequences.size).toBe(5);
    for (const numbers of sequences.values()) {
      expect(numbers.sort((a, b) => a - b)).toEqual(numbers.map((_, i) => i + 1));
    }
  });

  test('hears of a commit long before it would look by itself', async () => {
    const seen: string[] = [];
    aRelay(async (rows) => void seen.push(...rows.map((row) => row.id)), { pollMs: 60_000 });
    await recordSales(1);
    await until('the news has come', () => seen.length === 1, { timeoutMs: 30_000 });
  });

  test('looks again at once for what was committed while it was sending', async () => {
    const sent: string[] = [];
    await recordSales(1);
    aRelay(
      async (rows) => {
        sent.push(...rows.map((row) => row.id));
        if (sent.length === 1) await recordSales(1);
      },
      { pollMs: 60_000 },
    );
    await until('both have left', () => sent.length === 2, { timeoutMs: 30_000 });
  });

  test('shares the work with another: both have rows in hand at once, and no row is sent twice', async () => {
    await recordSales(40);
    const sent: string[][] = [[], []];
    let bothAtWork = () => undefined as void;
    const together = new Promise<void>((resolve) => (bothAtWork = resolve));
    for (const [i, mine] of sent.entries()) {
      aRelay(async (rows) => {
        mine.push(...rows.map((row) => row.id));
        if (sent[1 - i]!.length > 0) bothAtWork();
        // The first holds its rows until the second has some of its own.
        await together;
      });
    }
    await until('the outbox is empty', outboxIsEmpty);
    expect(sent.flat()).toHaveLength(40);
    expect(new Set(sent.flat()).size).toBe(40);
  });

  test('that dies between sending and committing has lost nothing: the rows are sent again', async () => {
    await recordSales(20);
    const sent: string[] = [];
    let deaths = 0;
    const relay = aRelay(async (rows) => {
      sent.push(...rows.map((row) => row.id));
      if ((deaths += 1) > 2) return;
      // The end of its session is all that PostgreSQL learns of a relay that was killed.
      await database.query(
        `SELECT pg_terminate_backend(l.pid) FROM pg_locks l
           JOIN pg_class c ON c.oid = l.relation AND c.relname = 'outbox'
          WHERE l.mode = 'RowShareLock' AND l.pid <> pg_backend_pid()
            AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())`,
      );
    });
    relay.pool.on('error', () => undefined);
    await until('the outbox is empty', outboxIsEmpty);
    expect(relay.errors).toHaveLength(2);
    expect(new Set(sent).size).toBe(20);
    expect(sent).toHaveLength(20 + 2 * 10);
  });

  test('keeps the rows that a destination refuses, and sends them until it takes them', async () => {
    await recordSales(5);
    let refusals = 3;
    const arrived: string[] = [];
    const relay = aRelay(async (rows) => {
      if ((refusals -= 1) >= 0) throw new Error('not now');
      arrived.push(...rows.map((row) => row.id));
    });
    await until('the outbox is empty', outboxIsEmpty);
    expect(relay.errors).toHaveLength(3);
    expect(new Set(arrived).size).toBe(5);
  });

  test('finishes the batch under way when it is stopped', async () => {
    await recordSales(10);
    let release = () => undefined as void;
    const held = new Promise<void>((resolve) => (release = resolve));
    let started = false;
    const relay = aRelay(() => {
      started = true;
      return held;
    });
    await until('a batch is under way', () => started);
    const stopped = relay.stop();
    release();
    await stopped;
    expect(await outboxIsEmpty()).toBe(true);
  });
});

describe('destinations', () => {
  /** One that remembers what it was given, and breaks as it is told. */
  function aDestination(name: string, over: Partial<Destination<Queryable>> = {}) {
    const got: string[] = [];
    const it = { away: false, calls: 0, got };
    const destination = {
      name,
      async deliver(rows: readonly OutboxRow[]) {
        it.calls += 1;
        if (it.away) throw new Error(`${name} is away`);
        got.push(...rows.map((row) => row.id));
      },
      ...over,
    } as Destination<Queryable>;
    return Object.assign(it, { destination });
  }

  const distinct = (ids: readonly string[]) => new Set(ids).size;

  test('one that is away delays no other, is asked seldom, and gets everything when it is back', async () => {
    const near = aDestination('near');
    const far = aDestination('far', { batchSize: 5 });
    far.away = true;
    const destinations = [near.destination, far.destination];
    aRelay(async () => undefined, { destinations, retryMs: 200 });
    await recordSales(60);
    await until('the one that is there has everything', () => near.got.length === 60);
    await until('the outbox is empty', async () => (await waiting()).outbox === 0);
    expect(await waiting()).toEqual({ outbox: 0, backlog: 60 });
    expect(far.calls).toBeLessThan(10);
    expect(await measureOutbox(pool)).toEqual([
      { destination: null, count: 0, oldestAt: null, mostAttempts: 0 },
      {
        destination: 'far',
        count: 60,
        oldestAt: expect.any(Number),
        mostAttempts: expect.any(Number),
      },
    ]);
    far.away = false;
    await until('nothing waits', outboxIsEmpty);
    expect(distinct(far.got)).toBe(60);
    expect(near.got).toHaveLength(60);
  });

  test('one that never answers costs the others one time limit, not one a batch', async () => {
    const near = aDestination('near');
    const mute = aDestination('mute', {
      timeoutMs: 1_000,
      deliver: () => new Promise<void>(() => undefined),
    });
    await recordSales(60);
    const startedAt = performance.now();
    const destinations = [mute.destination, near.destination];
    const relay = aRelay(async () => undefined, { destinations, retryMs: 60_000 });
    await until('the other has everything', () => near.got.length === 60);
    // There were six batches.
    expect(performance.now() - startedAt).toBeLessThan(5 * 1_000);
    expect(relay.errors).toMatchObject([{ name: 'TooLateError' }]);
  });

  test('one that is slow goes at its own pace, in its own batches, and gets each row once', async () => {
    const near = aDestination('near');
    const sizes: number[] = [];
    const slow = aDestination('slow', {
      batchSize: 4,
      timeoutMs: 10_000,
      async deliver(rows: readonly OutboxRow[]) {
        sizes.push(rows.length);
        slow.got.push(...rows.map((row) => row.id));
        // From its second batch on it waits for the other: that one does not wait for it.
        if (sizes.length > 1) await until('the other has all', () => near.got.length === 40);
      },
    });
    await recordSales(40);
    const destinations = [near.destination, slow.destination];
    const relay = aRelay(async () => undefined, { destinations, patienceMs: 0, batchSize: 10 });
    await until('nothing waits', outboxIsEmpty);
    expect(distinct(slow.got)).toBe(40);
    expect(slow.got).toHaveLength(40);
    expect(Math.max(...sizes)).toBe(4);
    expect(relay.errors).toEqual([]);
  });

  test('a row that one can never take goes alone in the end, and holds up nothing else', async () => {
    await recordSales(30);
    const [poison] = await database.query<{ id: string }>(
      'SELECT id FROM loyalty.outbox ORDER BY id OFFSET 7 LIMIT 1',
    );
    const got: string[] = [];
    const picky: Destination<Queryable> = {
      name: 'picky',
      batchSize: 10,
      async deliver(rows) {
        if (rows.some((row) => toUuid(row.id as 'txn_') === poison!.id)) throw new Error('never');
        got.push(...rows.map((row) => row.id));
      },
    };
    aRelay(async () => undefined, { destinations: [picky] });
    await until('only that one waits', async () => (await waiting()).backlog === 1);
    expect(distinct(got)).toBe(29);
    const [left] = await database.query('SELECT id FROM loyalty.outbox_backlog');
    expect(left).toEqual({ id: poison!.id });
  });

  test('is told only of what it wants, and rows without that are not even kept for it', async () => {
    const got: OutboxEvent[] = [];
    const refused = aDestination('refused', { wants: () => false });
    refused.away = true;
    const chooser: Destination<Queryable> = {
      name: 'chooser',
      wants: (event) => event.type === 'reward.issued',
      deliver: async (rows) => void got.push(...rows.flatMap((row) => row.events)),
    };
    await recordSales(60);
    aRelay(async () => undefined, { destinations: [chooser, refused.destination] });
    await until('nothing waits', outboxIsEmpty);
    expect(new Set(got.map((event) => event.type))).toEqual(new Set(['reward.issued']));
    expect(refused.calls).toBe(0);
  });

  test('one in the database writes with the rows’ leaving: once, and not at all where it fails', async () => {
    await database.query('CREATE TABLE IF NOT EXISTS loyalty.told (id text NOT NULL)');
    await database.query('GRANT INSERT ON loyalty.told TO regulars_worker');
    await recordSales(20);
    let failures = 2;
    const inside: Destination<Queryable> = {
      name: 'inside',
      transactional: true,
      batchSize: 5,
      async deliver(rows, { client }) {
        const values = [rows.map((row) => row.id)];
        await client.query('INSERT INTO loyalty.told SELECT unnest($1::text[])', values);
        if ((failures -= 1) >= 0) await client.query('SELECT 1 / 0');
      },
    };
    const near = aDestination('near');
    const relay = aRelay(async () => undefined, { destinations: [inside, near.destination] });
    await until('nothing waits', outboxIsEmpty);
    expect(relay.errors).toHaveLength(2);
    const told = await database.query<{ id: string }>('SELECT id FROM loyalty.told');
    expect(told).toHaveLength(20);
    expect(distinct(told.map((row) => row.id))).toBe(20);
    expect(near.got).toHaveLength(20);
    await database.query('DROP TABLE loyalty.told');
  });

  test('what one relay could not deliver, another one does after its death', async () => {
    await recordSales(10);
    const far = aDestination('far');
    far.away = true;
    const first = aRelay(async () => undefined, {
      destinations: [far.destination],
      retryMs: 60_000,
    });
    await until('it waits', async () => (await waiting()).backlog === 10);
    await first.stop();
    far.away = false;
    aRelay(async () => undefined, { destinations: [far.destination] });
    await until('nothing waits', outboxIsEmpty);
    expect(distinct(far.got)).toBe(10);
  });
});
