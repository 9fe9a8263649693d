import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Pool } from 'pg';
import pino from 'pino';
import { createOutbox } from '../../infra/postgres/outbox.ts';
import { createContactSealer } from '../../infra/sealing/contact-sealer.ts';
import type { OutboxEvent } from '../../queues/events/events.ts';
import { aPurchaseMessage } from '../../tests/builders/messages.ts';
import { createTestDatabase, createTestPool, type TestDatabase } from '../../tests/database.ts';
import { createTestHandlers } from '../../tests/handlers.ts';
import { openShop } from '../../tests/journeys/shop.ts';
import { until } from '../../tests/until.ts';
import { type OutboxRow, type RelayOptions, startRelay } from './relay.ts';

const log = pino({ level: 'silent' });

let database: TestDatabase;
let pool: Pool;
let running: { stop(): Promise<void> }[] = [];

beforeAll(async () => {
  database = await createTestDatabase();
  pool = createTestPool(database.workerUrl);
});

beforeEach(() => database.query('DELETE FROM loyalty.outbox'));

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
  over: Partial<RelayOptions> = {},
): { stop(): Promise<void>; errors: unknown[]; pool: Pool } {
  const own = createTestPool(database.workerUrl, { maxConnections: 1 });
  const outbox = createOutbox({ pool: own, url: database.workerUrl, log });
  const errors: unknown[] = [];
  const relay = startRelay({
    outbox,
    destinations: [{ name: 'test', deliver }],
    batchSize: 10,
    pollMs: 50,
    retryMs: 10,
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

async function outboxIsEmpty(): Promise<boolean> {
  const [row] = await database.query<{ count: number }>(
    'SELECT count(*)::int AS count FROM loyalty.outbox',
  );
  return row!.count === 0;
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
    await until('the news has come', () => seen.length === 1, { timeoutMs: 5_000 });
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
