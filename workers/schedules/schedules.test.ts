/** Ticks on a real Redis: each is one, however many relays there are. */
import { afterAll, describe, expect, test } from '@jest/globals';
import pino from 'pino';
import { anId } from '../../tests/builders/domain.ts';
import { testRedis } from '../../tests/database.ts';
import { until } from '../../tests/until.ts';
import { startJobSchedulers } from '../../infra/bullmq/job-schedulers.ts';
import type { Envelope } from '../../queues/envelope.ts';
import { commands } from '../../queues/registry.ts';
import { runTick } from './run-schedules.ts';
import { findSchedule, schedules } from './schedules.ts';

const redis = testRedis();
const log = pino({ level: 'silent' });
const started: { stop(): Promise<void> }[] = [];

afterAll(async () => {
  await Promise.all(started.map((scheduler) => scheduler.stop()));
});

function start(over: {
  everyMs: number;
  onTick: (name: string, at: number) => Promise<void>;
  name?: string;
}) {
  const { name = 'verify-ledger', everyMs, onTick } = over;
  const running = startJobSchedulers({
    redisUrl: redis.url,
    prefix: redis.prefix,
    schedules: [{ name, everyMs }],
    onTick,
    log,
  });
  return running.then((scheduler) => {
    started.push(scheduler);
    return scheduler;
  });
}

test('several relays run each tick once, and it is tried again when it fails', async () => {
  const done: number[] = [];
  let hasFailed = false;
  const onTick = async (_name: string, at: number) => {
    if (!hasFailed) {
      hasFailed = true;
      throw new Error('the database is away');
    }
    done.push(at);
  };
  const relays = await Promise.all([1, 2, 3].map(() => start({ everyMs: 100, onTick })));
  await until('ten ticks', () => done.length >= 10);
  await Promise.all(relays.map((relay) => relay.stop()));
  expect(new Set(done).size).toBe(done.length);
});

test('every schedule sends an internal command of its own name', () => {
  for (const { command } of schedules) {
    expect(commands[command]).toMatchObject({ name: command, internal: true });
  }
});

describe('a tick', () => {
  const schedule = findSchedule('expire-lots')!;
  const businesses = [anId('biz', 1), anId('biz', 2)];

  async function sent(tickAt: number): Promise<Envelope[]> {
    const envelopes: Envelope[] = [];
    await runTick(
      {
        findDueBusinesses: async () => businesses,
        enqueue: async (_queue, envelope) => void envelopes.push(envelope),
      },
      schedule,
      tickAt,
    );
    return envelopes;
  }

  test('sends each business a command that its contract can read', async () => {
    const envelopes = await sent(1_000_000_000_000);
    expect(envelopes.map(({ businessId }) => businessId)).toEqual(businesses);
    for (const { payload } of envelopes) commands['expire-lots'].payload.parse(payload);
  });

  test('done again names the same jobs; the next tick names others', async () => {
    const ids = async (tickAt: number) => (await sent(tickAt)).map(({ id }) => id);
    expect(await ids(1_000_000_000_000)).toEqual(await ids(1_000_000_000_000));
    expect(await ids(1_000_000_000_000)).not.toEqual(await ids(1_000_000_060_000));
  });
});
