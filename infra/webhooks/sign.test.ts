import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, jest, test } from '@jest/globals';
import { Webhook as StandardWebhook } from 'standardwebhooks';
import { Webhook as SvixWebhook } from 'svix';
import { MAX_WEBHOOK_BYTES, webhookBody } from '../../queues/events/webhook-body.ts';
import { usualDataDir } from '../../tests/replays/data.ts';
import { createWebhookSecrets } from '../sealing/webhook-secrets.ts';
import { createSigner } from './sign.ts';

const key = Buffer.alloc(32, 7).toString('base64');
const secrets = createWebhookSecrets(key);
const id = 'evt_01jd7x0mh8e2rta5p3v0c2k9qz';

describe('a secret', () => {
  test('is the same for the same request, and another for another', () => {
    expect(secrets.make('one').secret).toBe(secrets.make('one').secret);
    expect(secrets.make('one').secret).not.toBe(secrets.make('two').secret);
  });

  test('is opened as it was by whoever holds the key, and looks different each time it is sealed', () => {
    const { secret, sealedSecret } = secrets.make('one');
    expect(createWebhookSecrets(key).open(sealedSecret)).toBe(secret);
    expect(secrets.make('one').sealedSecret).not.toBe(sealedSecret);
    const other = createWebhookSecrets(Buffer.alloc(32, 8).toString('base64'));
    expect(() => other.open(sealedSecret)).toThrow();
  });
});

describe('a signature', () => {
  const [one, two] = [secrets.make('one').secret, secrets.make('two').secret];
  const body = JSON.stringify({ type: 'reward.issued', data: { name: 'Café ☕' } });

  test('is verified with either secret while there are two, and with no third', () => {
    const headers = createSigner([two, one])(id, Date.now(), body);
    for (const secret of [one, two]) {
      new StandardWebhook(secret).verify(body, headers);
      new SvixWebhook(secret).verify(body, headers);
    }
    const third = secrets.make('three').secret;
    expect(() => new StandardWebhook(third).verify(body, headers)).toThrow();
    expect(() => new SvixWebhook(third).verify(body, headers)).toThrow();
  });

  test('holds for its id, its second and its body alone', () => {
    const headers = createSigner([one])(id, Date.now(), body);
    const verify = (text: string, over: object) =>
      new StandardWebhook(one).verify(text, { ...headers, ...over });
    expect(() => verify(body, { 'webhook-id': 'evt_other' })).toThrow();
    expect(() => verify(body, { 'webhook-timestamp': '1614265330' })).toThrow();
    expect(() => verify(`${body} `, {})).toThrow();
  });
});

interface Vector {
  name: string;
  secret: string;
  id: string | null;
  timestamp: string | null;
  body: string;
  signature: string | null;
  now: string;
  valid: boolean;
}

const file = join(usualDataDir, 'payloads', 'standard_webhooks_vectors.json');
const vectors = existsSync(file)
  ? (JSON.parse(readFileSync(file, 'utf8')) as { vectors: Vector[] }).vectors
  : undefined;

describe('the vectors of Standard Webhooks', () => {
  if (!vectors) {
    test.skip('skipped: no data', () => undefined);
    return;
  }
  afterEach(() => {
    jest.useRealTimers();
  });

  test.each(vectors)('$name', (vector) => {
    jest.useFakeTimers({ now: Number(vector.now) * 1_000 });
    const given = {
      'webhook-id': vector.id,
      'webhook-timestamp': vector.timestamp,
      'webhook-signature': vector.signature,
    };
    const headers = Object.fromEntries(
      Object.entries(given).filter(([, value]) => value !== null),
    ) as Record<string, string>;
    for (const Library of [StandardWebhook, SvixWebhook]) {
      const verify = () => new Library(vector.secret).verify(vector.body, headers);
      if (vector.valid) verify();
      else expect(verify).toThrow();
    }
    if (vector.id === null || !/^\d+$/.test(vector.timestamp ?? '')) return;
    // What we would have sent is among the signatures exactly where those are right.
    const at = Number(vector.timestamp) * 1_000;
    const ours = createSigner([vector.secret])(vector.id, at, vector.body)['webhook-signature'];
    const isTimely = Math.abs(Number(vector.now) * 1_000 - at) <= 300_000;
    const isAmong = (vector.signature ?? '').split(' ').includes(ours);
    expect(isAmong && isTimely).toBe(vector.valid);
  });
});

describe('a body', () => {
  test('says what, when and which, in the order of Standard Webhooks', () => {
    const data = { cardId: 'crd_1', sequence: 3 };
    expect(webhookBody({ id, type: 'card.opened', data })).toBe(
      '{"type":"card.opened","timestamp":"2024-11-21T17:41:12.872Z","data":{"cardId":"crd_1","sequence":3}}',
    );
  });

  test('stays below 20 kB: its lists are cut, and it says so', () => {
    const cardIds = Array.from({ length: 2_000 }, (_, i) => `crd_${i}`);
    const text = webhookBody({
      id,
      type: 'customer.erased',
      data: { customerId: 'cus_1', cardIds },
    });
    expect(Buffer.byteLength(text)).toBeLessThan(MAX_WEBHOOK_BYTES);
    expect(JSON.parse(text)).toMatchObject({
      data: { customerId: 'cus_1', cardIds: cardIds.slice(0, 100), truncated: true },
    });
  });
});
