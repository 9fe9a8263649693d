import { SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import pino from 'pino';
import { idSource } from '../../infra/ids/id-source.ts';
import { createSqs, type Sqs } from '../../infra/sqs/client.ts';
import { createDeadLetters, type DeadLetters } from '../../infra/sqs/dead-letters.ts';
import { createQueueDestination } from '../../infra/sqs/queue-destination.ts';
import type { OutboxEvent } from '../../queues/events/events.ts';
import type { FactMessage } from '../../queues/events/fact-message.ts';
import type { FunctionName } from '../../queues/functions.ts';
import { startTestSqs, type TestSqs } from '../../tests/sqs.ts';
import { until } from '../../tests/until.ts';
import { eachFact } from '../lambdas/each-fact.ts';
import { runFunction } from './run-function.ts';

const log = pino({ level: 'silent' });
const businessId = idSource.id('biz');

let server: TestSqs;
let sqs: Sqs;
let client: SQSClient;
let deadLetters: DeadLetters;
let urls: Record<FunctionName, string>;
let running: { stop(): Promise<void> }[] = [];

beforeAll(async () => {
  server = await startTestSqs();
  sqs = createSqs({ region: 'eu-west-1', endpoint: server.url, env: {} });
  client = new SQSClient({
    region: 'eu-west-1',
    endpoint: server.url,
    useQueueUrlAsEndpoint: false,
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });
  urls = {
    email: server.env['EMAIL_QUEUE_URL']!,
    feedback: server.env['FEEDBACK_QUEUE_URL']!,
    analytics: server.env['ANALYTICS_QUEUE_URL']!,
  };
  deadLetters = createDeadLetters({ sqs, queueUrls: urls });
});

afterEach(async () => {
  await Promise.all(running.map((each) => each.stop()));
  running = [];
});

afterAll(async () => {
  client.destroy();
  await server.stopAndForget();
});

const enrolled = (): OutboxEvent => ({
  id: idSource.id('evt'),
  type: 'customer.enrolled',
  data: { customerId: idSource.id('cus'), storeId: null },
});

/** Tells a function of facts, as the relay does. */
function send(name: FunctionName, events: readonly OutboxEvent[]): Promise<void> {
  const destination = createQueueDestination({ sqs, function: name, queueUrl: urls[name] });
  return destination.deliver([{ businessId, events }], { signal: new AbortController().signal });
}

function run(name: FunctionName, work: (fact: FactMessage) => Promise<void>): unknown[] {
  const errors: unknown[] = [];
  const handle = eachFact({ work, onError: (error) => void errors.push(error) });
  const options = { queueUrl: urls[name], sqs: client, waitSeconds: 1, log };
  const close = async () => undefined;
  running.push(runFunction({ name, function: { handle, close }, ...options }));
  return errors;
}

async function depth(name: FunctionName) {
  const depths = await deadLetters.depths();
  return depths.find((each) => each.function === name)!;
}

describe('a function behind its queue', () => {
  test('is told of each fact that it wants, with its business', async () => {
    const events = Array.from({ length: 25 }, enrolled);
    const got: FactMessage[] = [];
    run('analytics', async (fact) => void got.push(fact));
    await send('analytics', events);
    const ids = () => [...new Set(got.map(({ event }) => event.id))];
    await until('all have come', () => ids().length === 25);
    expect(ids().sort()).toEqual(events.map(({ id }) => id).sort());
    expect(got[0]).toMatchObject({ businessId, event: { type: 'customer.enrolled' } });
    await until('nothing is left', async () => {
      const { waiting, inFlight } = await depth('analytics');
      return waiting + inFlight === 0;
    });
  });

  test('with one poison message in ten does nine; the dead letters hold exactly that one', async () => {
    const events = Array.from({ length: 10 }, enrolled);
    const poison = events[3]!;
    // A second unseen may be too short for a machine that is busy: then a message is done twice.
    const done = new Set<string>();
    const errors = run('email', async ({ event }) => {
      if (event.id === poison.id) throw new Error('never');
      done.add(event.id);
    });
    await send('email', events);
    const isSettled = async () => {
      const { waiting, inFlight, dead } = await depth('email');
      return waiting + inFlight === 0 && dead === 1;
    };
    await until('it is put aside, and the others are done', isSettled, { everyMs: 200 });
    await until('each try is known', () => errors.length === 5);
    expect([...done].sort()).toEqual(
      events.flatMap(({ id }) => (id === poison.id ? [] : id)).sort(),
    );
    const [letter] = await deadLetters.peek('email');
    expect(JSON.parse(letter!.body)).toEqual({ businessId, event: poison });
  });

  test('takes its dead letters again when people say so, and then there are none', async () => {
    const done = new Set<string>();
    run('email', async ({ event }) => void done.add(event.id));
    const letters = await until('it is seen', async () => {
      const found = await deadLetters.peek('email');
      return found.length > 0 ? found : undefined;
    });
    expect(await deadLetters.redrive('email')).toBe(1);
    await until('it is done', () => done.size > 0);
    expect([...done]).toEqual([JSON.parse(letters[0]!.body).event.id]);
    expect((await depth('email')).dead).toBe(0);
  });

  test('tries again what it cannot read, and what is not of ours', async () => {
    const got: FactMessage[] = [];
    const errors = run('analytics', async (fact) => void got.push(fact));
    const entries = ['{', '{"businessId":"biz_1"}', '[]'].map((MessageBody, i) => ({
      Id: String(i),
      MessageBody,
    }));
    await sqs('SendMessageBatch', { QueueUrl: urls.analytics, Entries: entries });
    await until('it was tried', () => errors.length >= 3);
    expect(got).toEqual([]);
  });

  test('waits for SQS when it is away, and goes on when it is back', async () => {
    const got: FactMessage[] = [];
    run('email', async (fact) => void got.push(fact));
    await server.kill('SIGKILL');
    await expect(send('email', [enrolled()])).rejects.toThrow();
    await server.start();
    await send('email', [enrolled()]);
    await until('it has come', () => got.length > 0);
  });
});
