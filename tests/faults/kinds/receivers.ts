/** Those who wait for facts are in trouble, or a fact is no fact: the others must not notice. */
import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { Pool } from 'pg';
import { checkFigures } from '../../../infra/postgres/analytics/check.ts';
import { freePort } from '../../../infra/local/ports.ts';
import { createSqs } from '../../../infra/sqs/client.ts';
import { createDeadLetters } from '../../../infra/sqs/dead-letters.ts';
import { type Received, type Receiver, startReceiver } from '../../receiver.ts';
import { until } from '../../until.ts';
import { quantile } from '../arena.ts';
import type { Fault } from '../fault.ts';

const ENDPOINTS = '/v1/admin/webhook-endpoints';
const P95_MS = 5_000;
const DRAINED = { timeoutMs: 120_000, everyMs: 200 };
/** Slower than elsewhere: every sale is sent to five servers of each business. */
const SALES_PER_SECOND = 20;

const idsOf = (all: readonly Received[]) =>
  new Set(all.map(({ headers }) => headers['webhook-id']));

async function addEndpoint(edgeUrl: string, apiKey: string, url: string): Promise<string> {
  const endpoint = { name: 'Stock', url, types: ['transaction.recorded'] };
  const { id } = await command(edgeUrl, apiKey, '', endpoint);
  return id;
}

async function command(edgeUrl: string, apiKey: string, path: string, body?: object) {
  const answer = await fetch(edgeUrl + ENDPOINTS + path, {
    method: 'POST',
    headers: {
      Authorization: `Bearer ${apiKey}`,
      'Content-Type': 'application/json',
      'Idempotency-Key': randomUUID(),
    },
    ...(body && { body: JSON.stringify(body) }),
  });
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
  return (await answer.json()) as { id: string };
}

const receiversInTrouble: Fault = {
  name: 'receivers',
  about: 'receivers of webhooks are down, fail, hang or redirect inside',
  async run(arena, how) {
    const [well, failing, hanging, redirecting, trap] = (await Promise.all(
      Array.from({ length: 5 }, () => startReceiver()),
    )) as [Receiver, Receiver, Receiver, Receiver, Receiver];
    const downPort = await freePort();
    const downUrl = `http://127.0.0.1:${downPort}/hooks`;
    failing.answer(500);
    hanging.answer('hang');
    redirecting.answer({ status: 307, headers: { Location: trap.url } });
    const open = [well, failing, hanging, redirecting, trap];
    const since = new Date().toISOString();
    const replays: (() => Promise<unknown>)[] = [];
    try {
      const run = await arena.underLoad(how, async () => undefined, {
        postsPerSecond: SALES_PER_SECOND,
        async open(businesses) {
          for (const { apiKey } of businesses) {
            for (const url of [well.url, failing.url, hanging.url, redirecting.url, downUrl]) {
              const id = await addEndpoint(arena.stack.edgeUrl, apiKey, url);
              if (url === well.url) continue;
              const replay = `/${id}/replay?since=${since}&only=failed`;
              replays.push(() => command(arena.stack.edgeUrl, apiKey, replay));
            }
          }
        },
      });
      const { violations } = await arena.judge(run);
      const sales = new Set(run.load.journal.map(({ jobId }) => jobId)).size;
      await until(
        'who is well has heard of all',
        () => idsOf(well.received).size === sales,
        DRAINED,
      );
      const tookMs = well.received.map(
        ({ body, arrivedAtMs }) => arrivedAtMs - Date.parse(body.timestamp),
      );

      const up = await startReceiver(downPort);
      open.push(up);
      for (const receiver of [failing, hanging, redirecting]) receiver.answer(204);
      for (const replay of replays) await replay();
      const late = [failing, hanging, redirecting, up];
      await until(
        'the others have heard of all',
        () => late.every(({ received }) => idsOf(received).size === sales),
        DRAINED,
      );
      return {
        violations: [...violations, ...(trap.connections > 0 ? ['it went where it was led'] : [])],
        bars: [
          {
            about: 'p95 of who is well',
            measured: quantile(tookMs, 0.95),
            limit: P95_MS,
            unit: 'ms',
          },
        ],
      };
    } finally {
      await Promise.all(open.map((receiver) => receiver.close()));
    }
  },
};

const poison: Fault = {
  name: 'poison',
  about: 'one message in ten to a function is poison',
  async run(arena, how) {
    const { sqs, databaseUrls } = arena.stack;
    if (!sqs) throw new Error('the stack has no SQS');
    const client = createSqs({ region: 'eu-west-1', endpoint: sqs.url, env: {} });
    const QueueUrl = sqs.env['ANALYTICS_QUEUE_URL'] ?? '';
    const deadLetters = createDeadLetters({ sqs: client, queueUrls: { analytics: QueueUrl } });
    const depth = async () => (await deadLetters.depths())[0];
    const deadBefore = (await depth())?.dead ?? 0;
    let sent = 0;
    const run = await arena.underLoad(
      how,
      async (load) => {
        const ended = load.done.then(() => true);
        for (let isOver = false; !isOver;) {
          isOver = await Promise.race([ended, pause(200, false)]);
          for (; sent < load.journal.length / 10; sent += 1) {
            await client('SendMessage', { QueueUrl, MessageBody: `no fact ${sent}` });
          }
        }
      },
      { postsPerSecond: SALES_PER_SECOND },
    );
    const { violations } = await arena.judge(run);
    const isSettled = async () => {
      const now = await depth();
      return now && now.waiting + now.inFlight === 0 ? now : undefined;
    };
    const settled = await until('nothing comes again', isSettled, DRAINED);
    const pool = new Pool({ connectionString: databaseUrls.analytics, max: 1 });
    try {
      for (const { businessId } of run.businesses) {
        const { differences, uncounted } = await checkFigures(pool, businessId);
        violations.push(...differences);
        if (uncounted > 0) violations.push(`${uncounted} sales are in no figures`);
      }
    } finally {
      await pool.end();
    }
    const dead = settled.dead - deadBefore;
    if (dead !== sent) violations.push(`${dead} dead letters of ${sent} poison messages`);
    return { violations, bars: [] };
  },
};

export const receiverFaults: readonly Fault[] = [receiversInTrouble, poison];
