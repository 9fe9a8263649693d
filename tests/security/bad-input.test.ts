/** Whatever is sent, the answer says what was wrong; nothing of it is taken and nothing breaks. */
import { randomUUID } from 'node:crypto';
import { connect } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { idSource } from '../../infra/ids/id-source.ts';
import { toUuid } from '../../infra/postgres/ids.ts';
import type { ProblemBody } from '../pos-client.ts';
import { opsAuthorization, startTestStack, type TestStack } from '../stack.ts';
import { startTokenIssuer, type TokenIssuer } from '../token-issuer.ts';
import { type Api, createApi, problemCode, type Request, TRANSACTIONS } from '../journeys/api.ts';
import { openShop, type Shop } from '../journeys/shop.ts';

let stack: TestStack;
let shop: Shop;
let api: Api;
let issuer: TokenIssuer;
/** The owner, at the office. */
let office: Api;

beforeAll(async () => {
  issuer = await startTokenIssuer();
  const env = { ...issuer.env, PERSON_REQUESTS_PER_MINUTE: '10000' };
  stack = await startTestStack({ processes: ['edge'], env });
  shop = await openShop(stack.database.ownerUrl);
  api = createApi(stack.edgeUrl, shop.apiKey);
  const subject = randomUUID();
  await stack.database.query(
    `INSERT INTO business.staff (business_id, id, subject, name, role)
     VALUES ($1, $2, $3, 'Owner', 'owner')`,
    [toUuid(shop.businessId), toUuid(idSource.id('stf')), subject],
  );
  office = createApi(stack.edgeUrl, issuer.token(subject, { pool: 'staff' }));
});

afterAll(async () => {
  await stack?.stop();
  await issuer?.stop();
});

afterEach(async () => {
  expect((await api.post(TRANSACTIONS, shop.sale())).status).toBe(202);
});

/** A sale as JSON text with one field written exactly so. */
function saleWith(field: string, json: string): string {
  const { [field as 'total']: _, ...rest } = shop.sale();
  return `${JSON.stringify(rest).slice(0, -1)},${JSON.stringify(field)}:${json}}`;
}

describe('a body', () => {
  const big = JSON.stringify({ externalId: 'x'.repeat(100_001) });
  const deep = `${'['.repeat(20_000)}${']'.repeat(20_000)}`;
  test.each<[string, () => Request, number, string]>([
    ['that is no JSON', () => ({ text: '{"externalId": ' }), 400, 'malformed-json'],
    ['that is empty', () => ({ text: '' }), 400, 'body-required'],
    ['that is missing', () => ({}), 400, 'body-required'],
    ['that is null', () => ({ text: 'null' }), 400, 'malformed-json'],
    ['that is text', () => ({ text: '"sale"' }), 400, 'malformed-json'],
    ['that is an array', () => ({ json: [shop.sale()] }), 422, 'validation-failed'],
    ['that is an empty object', () => ({ json: {} }), 422, 'validation-failed'],
    ['nested 20,000 deep', () => ({ text: deep }), 400, 'malformed-json'],
    ['with a key twice', () => ({ text: saleWith('total', '1,"total":1') }), 400, 'malformed-json'],
    ['that is no UTF-8', () => ({ text: Uint8Array.of(123, 255, 125) }), 400, 'malformed-json'],
    ['over 100 kB', () => ({ text: big }), 413, 'payload-too-large'],
    [
      'that unzips to over 100 kB',
      () => ({ text: gzipSync(big), headers: { 'Content-Encoding': 'gzip' } }),
      413,
      'payload-too-large',
    ],
    [
      'that says gzip and is not',
      () => ({ text: '{}', headers: { 'Content-Encoding': 'gzip' } }),
      400,
      'malformed-request',
    ],
    [
      'of type text/plain',
      () => ({ text: '{}', headers: { 'Content-Type': 'text/plain' } }),
      415,
      'unsupported-media-type',
    ],
    [
      'in a charset of yesterday',
      () => ({ text: '{}', headers: { 'Content-Type': 'application/json; charset=koi8-r' } }),
      415,
      'unsupported-media-type',
    ],
    [
      'in an unknown encoding',
      () => ({ text: '{}', headers: { 'Content-Encoding': 'zip' } }),
      415,
      'unsupported-media-type',
    ],
  ])('%s is answered with the right problem', async (_, request, status, code) => {
    const reply = await api.send('POST', TRANSACTIONS, request());
    expect([reply.status, problemCode(reply)]).toEqual([status, code]);
  });
});

test('a body that breaks off is no fault of ours', async () => {
  const headers = { Authorization: opsAuthorization };
  for (let i = 0; i < 5; i += 1) {
    const status = await speakHttp(
      `POST ${TRANSACTIONS} HTTP/1.1\r\nHost: edge\r\nAuthorization: Bearer ${shop.apiKey}\r\n` +
        'Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\nZZ\r\n{}',
    );
    expect(status).toBe(400);
  }
  const metrics = await (await fetch(`${stack.opsUrl}/metrics`, { headers })).text();
  expect(metrics).not.toMatch(/http_requests_total\{.*status="5/);
});

describe('a sale', () => {
  test.each([
    ['an unknown field', 'vat', '1', '', 'unknown-field'],
    ['__proto__', '__proto__', '{"total":1}', '', 'unknown-field'],
    ['a negative total', 'total', '-1', '/total', 'too-small'],
    ['half a cent', 'total', '1.5', '/total', 'invalid-type'],
    ['a total as text', 'total', '"10"', '/total', 'invalid-type'],
    ['a total that is true', 'total', 'true', '/total', 'invalid-type'],
    ['a total no number can hold', 'total', '1e400', '/total', 'invalid-type'],
    ['a total of 2^53+1', 'total', '9007199254740993', '/total', 'invalid-type'],
    ['negative zero', 'total', '-0', '/total', 'invalid-type'],
    ['a total that would be rounded', 'total', '9.99999999999999999999', '/total', 'invalid-type'],
    ['NUL in its id', 'externalId', '"a\\u0000b"', '/externalId', 'invalid-type'],
    ['half a surrogate pair', 'externalId', '"a\\ud800"', '/externalId', 'invalid-type'],
    ['an empty id', 'externalId', '""', '/externalId', 'too-small'],
    ['an id of 129 characters', 'externalId', `"${'x'.repeat(129)}"`, '/externalId', 'too-big'],
    ['a currency of no country', 'currency', '"XXQ"', '/currency', 'custom'],
    ['a store id of another kind', 'storeId', '"cus_01jd7x0mh8e2rta5p3v0c2k9qz"', '/storeId'],
    ['a time without an offset', 'occurredAt', '"2026-11-22T09:41:07"', '/occurredAt', 'custom'],
    ['30 February', 'occurredAt', '"2026-02-30T09:41:07Z"', '/occurredAt', 'custom'],
    ['a phone that is none', 'customer', '{"phone":"912 345 678"}', '/customer/phone'],
    ['two ways to name the customer', 'customer', '{"phone":"+351912345678","email":"a@b.pt"}'],
    ['no way to name the customer', 'customer', '{}', '/customer', 'custom'],
    ['nothing bought', 'lines', '[{"unitPrice":1,"quantity":"0"}]', '/lines/0/quantity', 'custom'],
    [
      '1,001 lines',
      'lines',
      JSON.stringify(Array.from({ length: 1_001 }, () => ({ unitPrice: 0 }))),
      '/lines',
      'too-big',
    ],
    ['a tender of no kind', 'tenders', '[{"kind":"shells","amount":1}]', '/tenders/0/kind'],
  ])('with %s is answered 422 and told where', async (_, field, json, pointer = '', code = '') => {
    const reply = await api.send('POST', TRANSACTIONS, { text: saleWith(field, json) });
    expect([reply.status, problemCode(reply)]).toEqual([422, 'validation-failed']);
    const { errors } = reply.body as ProblemBody;
    expect(errors).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ pointer: expect.stringContaining(pointer) }),
      ]),
    );
    if (code) expect(errors).toContainEqual(expect.objectContaining({ pointer, code }));
  });

  const one = { unitPrice: 500 };
  test.each([
    ['lines make more than the total', { lines: [one, one, one] }, '/total'],
    ['lines make a cent less', { lines: [one, { unitPrice: 499 }] }, '/total'],
    [
      'discounts exceed the lines',
      { total: 0, lines: [one], discounts: [{ amount: 501 }] },
      '/total',
    ],
    [
      'a line’s discount exceeds the line',
      { total: 499, lines: [one, { unitPrice: 1, discount: 2 }] },
      '/lines/1/discount',
    ],
    ['more is paid in points', { tenders: [{ kind: 'points', amount: 1_001 }] }, '/tenders'],
  ] as const)('where %s is answered 422 receipt-mismatch', async (_, fields, pointer) => {
    for (const path of [TRANSACTIONS, `${TRANSACTIONS}/preview`]) {
      const reply = await api.post(path, { ...shop.sale(), ...fields });
      expect([reply.status, problemCode(reply)]).toEqual([422, 'receipt-mismatch']);
      expect(reply.body).toMatchObject({ errors: [{ pointer }] });
    }
  });

  test('tells all that is wrong at once, without repeating what was sent', async () => {
    const reply = await api.post(TRANSACTIONS, shop.sale({ total: -1, currency: 'canary!' }));
    const { errors } = reply.body as unknown as ProblemBody;
    expect(errors?.map((error) => error.pointer).sort()).toEqual(
      expect.arrayContaining(['/currency', '/total']),
    );
    expect(JSON.stringify(reply.body)).not.toContain('canary');
  });
});

describe('a path', () => {
  test.each([
    ['/v1/jobs/1', 400, 'malformed-id'],
    ['/v1/jobs/txn_01jd7x0mh8e2rta5p3v0c2k9qz', 400, 'malformed-id'],
    ['/v1/jobs/job_01jd7x0mh8e2rta5p3v0c2k9q', 400, 'malformed-id'],
    ['/v1/jobs/job_81jd7x0mh8e2rta5p3v0c2k9qz', 400, 'malformed-id'],
    [`/v1/jobs/${'j'.repeat(10_000)}`, 400, 'malformed-id'],
    ['/v1/jobs/%E0%A4%A', 400, 'malformed-request'],
    ['/v1/jobs/%00', 400, 'malformed-id'],
    ['/v1/jobs/..%2f..%2fetc', 400, 'malformed-id'],
    [`${TRANSACTIONS}/externalId:a%00b`, 400, 'malformed-id'],
    [`${TRANSACTIONS}/externalId:${'x'.repeat(200)}`, 400, 'malformed-id'],
    ['/v1/jobs/job_01jd7x0mh8e2rta5p3v0c2k9qz', 404, 'not-found'],
    [`${TRANSACTIONS}/txn_01jd7x0mh8e2rta5p3v0c2k9qz`, 404, 'not-found'],
    [`${TRANSACTIONS}/externalId:`, 404, 'not-found'],
    [`${TRANSACTIONS}/externalId:never-seen`, 404, 'not-found'],
    ['/v1/jobs', 404, 'not-found'],
    ['/v2', 404, 'not-found'],
  ])('%s is answered %i %s', async (path, status, code) => {
    const reply = await api.get(path);
    expect([reply.status, problemCode(reply)]).toEqual([status, code]);
  });

  test('taken with another method is answered 405 and told which', async () => {
    const reply = await api.send('DELETE', TRANSACTIONS);
    expect([reply.status, problemCode(reply)]).toEqual([405, 'method-not-allowed']);
    expect(reply.headers.get('allow')).toBe('POST');
  });
});

describe('a query', () => {
  const job = '/v1/jobs/job_01jd7x0mh8e2rta5p3v0c2k9qz';
  const lookup = '/v1/pos/customers/lookup';
  test.each([
    `${job}?wait=21`,
    `${job}?wait=-1`,
    `${job}?wait=1.5`,
    `${job}?wait=soon`,
    `${job}?wait=1&wait=2`,
    `${job}?sort=;drop`,
    lookup,
    `${lookup}?phone=912345678`,
    `${lookup}?phone=%2B351912345678&email=a%40b.pt`,
    `${lookup}?cardCode=12345678&cardCode=12345678`,
    `${lookup}?cardCode=1234567`,
    `${lookup}?cardCode=12345678%00`,
    `${lookup}?name=Ana`,
    `${lookup}?shortCode=000-000-001`,
    `${lookup}?shortCode=`,
    `${lookup}?shortCode=000-000-000&cardCode=12345678`,
  ])('%s is answered 400 malformed-query', async (path) => {
    const reply = await api.get(path);
    expect([reply.status, problemCode(reply)]).toEqual([400, 'malformed-query']);
  });
});

describe('a list', () => {
  test.each([
    '/v1/admin/stores?limit=0',
    '/v1/admin/stores?limit=-1',
    '/v1/admin/stores?limit=101',
    '/v1/admin/stores?limit=1e9',
    '/v1/admin/stores?limit=1.5',
    '/v1/admin/stores?limit=ten',
    '/v1/admin/stores?limit=',
    '/v1/admin/stores?limit=5&limit=5',
    '/v1/admin/stores?cursor=forged',
    `/v1/admin/stores?cursor=${'x'.repeat(501)}`,
    '/v1/admin/stores?sort=;drop',
    '/v1/admin/customers?externalId=crm:%00',
    '/v1/admin/webhook-endpoints/whe_01jd7x0mh8e2rta5p3v0c2k9qz/deliveries?type=%00',
    '/v1/admin/customers?externalId=crm',
    '/v1/admin/analytics/summary?from=0001-01-01&to=0001-02-01',
    '/v1/admin/analytics/heatmap?to=0000-01-01',
    '/v1/admin/analytics/top-customers?from=1969-12-31&to=1970-01-01',
    '/v1/admin/transactions?from=2024-01-01T00:00:00Z&to=2026-01-01T00:00:00Z',
    '/v1/admin/transactions?from=2026-01-02T00:00:00Z&to=2026-01-01T00:00:00Z',
    '/v1/admin/transactions?from=yesterday',
    '/v1/admin/audit?from=2024-01-01T00:00:00Z&to=2026-01-01T00:00:00Z',
  ])('%s is answered 400 malformed-query', async (path) => {
    const reply = await office.get(path);
    expect([reply.status, problemCode(reply)]).toEqual([400, 'malformed-query']);
  });
});

describe('a change', () => {
  const brand = { name: 'Café da Esquina' };

  test.each([
    ['without its key', {}, 400, 'malformed-header'],
    ['with an empty key', { 'Idempotency-Key': '""' }, 400, 'malformed-header'],
    ['with a key of 256 characters', { 'Idempotency-Key': 'k'.repeat(256) }, 400],
    ['with a key beyond ASCII', { 'Idempotency-Key': 'caf\u00e9' }, 400, 'malformed-header'],
  ])('%s is refused', async (_, headers, status, code = 'malformed-header') => {
    const reply = await office.post('/v1/admin/brands', brand, headers);
    expect([reply.status, problemCode(reply)]).toEqual([status, code]);
  });

  test('under the key of another is refused', async () => {
    const headers = { 'Idempotency-Key': randomUUID(), Prefer: 'wait=0' };
    expect((await office.post('/v1/admin/brands', brand, headers)).status).toBe(202);
    const reply = await office.post('/v1/admin/brands', { name: 'Another' }, headers);
    expect([reply.status, problemCode(reply)]).toEqual([422, 'idempotency-key-reused']);
  });

  test.each([
    ['without If-Match', {}, 428, 'precondition-required'],
    ['with If-Match: *', { 'If-Match': '*' }, 400, 'malformed-header'],
    ['with a revision that never was', { 'If-Match': '"next"' }, 412, 'precondition-failed'],
  ])('%s is refused', async (_, headers, status, code) => {
    const reply = await office.send('PATCH', `/v1/admin/stores/${shop.storeIds[0]}`, {
      json: { name: 'Chiado' },
      headers: headers,
    });
    expect([reply.status, problemCode(reply)]).toEqual([status, code]);
  });
});

describe('a header', () => {
  test('that says who the client is (X-Forwarded-For) does not make it another', async () => {
    const REDIS_PREFIX = `${stack.redis.prefix}-limits`;
    const { url } = await stack.startEdge({ ADDRESS_REQUESTS_PER_MINUTE: '2', REDIS_PREFIX });
    const statuses = [];
    for (let i = 0; i < 3; i += 1) {
      const headers = { 'X-Forwarded-For': `10.0.0.${i}`, Forwarded: `for=10.0.0.${i}` };
      statuses.push((await fetch(`${url}/v1/public/auth/config`, { headers })).status);
    }
    expect(statuses.at(-1)).toBe(429);
    expect(statuses.slice(0, 2)).not.toContain(429);
  });

  test.each(['wait=soon', 'wait=-1', 'wait=1.5', 'wait'])(
    'Prefer: %s is answered 400 malformed-header',
    async (prefer) => {
      const reply = await api.post(TRANSACTIONS, shop.sale(), { Prefer: prefer });
      expect([reply.status, problemCode(reply)]).toEqual([400, 'malformed-header']);
    },
  );

  test('Prefer of another kind is no matter', async () => {
    const prefer = { Prefer: 'respond-async, handling=lenient' };
    expect((await api.post(TRANSACTIONS, shop.sale(), prefer)).status).toBe(202);
  });

  test.each([
    ['of 20 kB is refused with 431', `X: ${'x'.repeat(20_000)}`, 431],
    [
      'that gives two lengths is refused with 400',
      'Content-Length: 2\r\nTransfer-Encoding: chunked',
      400,
    ],
  ])('%s', async (_, header, status) => {
    expect(
      await speakHttp(`POST ${TRANSACTIONS} HTTP/1.1\r\nHost: edge\r\n${header}\r\n\r\n`),
    ).toBe(status);
  });

  test('and method TRACE, which would echo what others keep secret, are refused with 405', async () => {
    for (const path of [TRANSACTIONS, '/v1/jobs/1']) {
      expect(await speakHttp(`TRACE ${path} HTTP/1.1\r\nHost: edge\r\n\r\n`)).toBe(405);
    }
  });
});

/** Sends bytes that no HTTP client would, and reads the status. */
function speakHttp(bytes: string): Promise<number> {
  const { hostname, port } = new URL(stack.edgeUrl);
  return new Promise((resolve, reject) => {
    const socket = connect({ host: hostname, port: Number(port) }, () => socket.write(bytes));
    socket.once('data', (answer) => {
      socket.destroy();
      resolve(Number(/^HTTP\/1\.1 (\d+)/.exec(answer.toString())?.[1]));
    });
    socket.once('error', reject);
  });
}
