/** Somebody asks what is held about them, and to be forgotten. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { toUuid } from '../../infra/postgres/ids.ts';
import { startTestDynamo, type TestDynamo } from '../dynamo.ts';
import { assertBooks } from '../ledger-check.ts';
import type { Sale, Transaction } from '../pos-client.ts';
import { startTestSqs, type TestSqs } from '../sqs.ts';
import { opsAuthorization, startTestStack, type TestStack } from '../stack.ts';
import { startTokenIssuer, type TokenIssuer } from '../token-issuer.ts';
import { until } from '../until.ts';
import { dumpLog, dumpQueues, dumpRedis, tablesWith } from '../whereabouts.ts';
import { type Api, createApi, problemCode, refusal } from './api.ts';
import { openShop, POINTS, type Shop, STAMPS } from './shop.ts';

let issuer: TokenIssuer;
let dynamo: TestDynamo;
let sqs: TestSqs;
let stack: TestStack;
let shop: Shop;
let api: Api;
let people = 0;

beforeAll(async () => {
  [issuer, dynamo, sqs] = await Promise.all([
    startTokenIssuer(),
    startTestDynamo(),
    startTestSqs(),
  ]);
  stack = await startTestStack({
    processes: ['edge', 'worker', 'relay'],
    env: { ...issuer.env, ...dynamo.env, ...sqs.env },
  });
  shop = await openShop(stack.database.ownerUrl, { programs: [STAMPS, POINTS] });
  api = createApi(stack.edgeUrl, shop.apiKey);
});

afterAll(async () => {
  try {
    if (stack) await assertBooks(stack.database.ownerUrl);
  } finally {
    await stack?.stop();
    await Promise.all([issuer?.stop(), dynamo?.stopAndForget(), sqs?.stopAndForget()]);
  }
});

const CUSTOMERS = '/v1/admin/customers';
const ME = '/v1/customer/me';
const key = () => ({ 'Idempotency-Key': randomUUID() });

interface Person {
  id: string;
  phone: string;
  email: string;
  name: string;
  card: { id: string; code: string };
}

/** Somebody of whom every kind of thing is held, each of it nowhere else. */
async function aKnownPerson(): Promise<Person> {
  people += 1;
  const phone = `+35193${String(people).padStart(7, '0')}`;
  const email = `canary-${people}-${randomUUID()}@cafe.example`;
  const name = `Canária ${randomUUID().slice(0, 8)}`;
  const added = await api.post<{ customer: { id: string } }>(
    CUSTOMERS,
    {
      phone,
      email,
      name,
      birthday: '1990-02-28',
      locale: 'pt-PT',
      consents: { emailMarketing: true },
      externalIds: { crm: `crm-${phone}` },
      tags: ['regular'],
      programIds: shop.programs.map((program) => program.id),
    },
    key(),
  );
  expect(added.status).toBe(201);
  const { id } = added.body.customer;
  const cards = await api.get<{ data: (Person['card'] & { programName: string })[] }>(
    `${CUSTOMERS}/${id}/cards`,
  );
  const card = cards.body.data.find(({ programName }) => programName === 'Stamps')!;
  return { id, phone, email, name, card };
}

const buy = (customer: Sale['customer']) => api.record(shop.sale({ customer }));
const erase = (id: string, headers = key()) =>
  api.send<{ customer: object }>('DELETE', `${CUSTOMERS}/${id}`, { headers });

/** What staff write about somebody, where they may write what they like. */
async function writeAbout({ card, name, phone }: Person, sale: Transaction) {
  const reason = `${name} called from ${phone}`;
  const path = `/v1/admin/cards/${card.id}`;
  const done = [
    await api.post(`${path}/adjustments`, { amount: '9', reason }, key()),
    await api.post(`${path}/block`, { reason }, key()),
    await api.post(`${path}/unblock`, { reason }, key()),
  ];
  expect(done.map(({ status }) => status)).toEqual([201, 200, 200]);
  const refund = {
    externalId: randomUUID(),
    occurredAt: new Date().toISOString(),
    full: true,
    reason,
  };
  const refunded = await api.post(`/v1/pos/transactions/${sale.id}/refunds`, refund, {
    Prefer: 'wait=10',
  });
  expect(refunded.status).toBe(201);
}

/** What the operators' board shows of a queue's last jobs. */
async function showBoard(queue: string): Promise<string> {
  const url = `${stack.opsUrl}/ops/board/api/queues?activeQueue=${queue}&status=latest&jobsPerPage=50`;
  const shown = await fetch(url, { headers: { Authorization: opsAuthorization } });
  expect(shown.status).toBe(200);
  return shown.text();
}

/** Whether nothing waits for anybody who is to be told. */
async function hasLeft(): Promise<boolean> {
  const [row] = await stack.database.query<{ waiting: number }>(
    `SELECT ((SELECT count(*) FROM loyalty.outbox)
           + (SELECT count(*) FROM loyalty.outbox_backlog))::int AS waiting`,
  );
  return row!.waiting === 0;
}

describe('a phone, an e-mail and a name', () => {
  test('are in no queue, log or cache and not on the board, whatever is done or written with them', async () => {
    const person = await aKnownPerson();
    await buy({ phone: person.phone });
    await buy({ email: person.email });
    await api.get(`/v1/pos/customers/lookup?phone=${encodeURIComponent(person.phone)}`);
    for (const search of ['phone', 'email', 'name'] as const) {
      const found = await api.get<{ data: object[] }>(
        `${CUSTOMERS}?${search}=${encodeURIComponent(person[search])}`,
      );
      expect(found.body.data).toHaveLength(1);
    }
    await writeAbout(person, await buy({ email: person.email }));
    const stranger = `+35194${String(people).padStart(7, '0')}`;
    await buy({ phone: stranger });
    await erase(person.id);
    const board = await showBoard('transactions');
    expect(board).toContain('adjust-card');
    const everywhere = `${await dumpRedis(stack.redis)}\n${stack.logs()}\n${board}`;
    for (const text of [person.phone, person.email, person.name, stranger]) {
      expect(everywhere).not.toContain(text);
      expect(everywhere).not.toContain(encodeURIComponent(text));
      expect(everywhere).not.toContain(text.replace('+', ''));
    }
  });

  test('do not leave for DynamoDB or SQS, not even where staff wrote them; whoever is erased has no documents', async () => {
    const person = await aKnownPerson();
    await buy({ phone: person.phone });
    await writeAbout(person, await buy({ email: person.email }));
    await until('all facts have left', hasLeft);
    const log = await dumpLog(dynamo);
    expect(log).toContain(person.id);
    await erase(person.id);
    await until('all facts have left', hasLeft);
    const [logAfter, queues] = [await dumpLog(dynamo), await dumpQueues(sqs)];
    expect(logAfter).not.toContain(person.id);
    expect(queues).toContain(person.id);
    for (const text of [person.phone, person.email, person.name]) {
      expect(log + logAfter + queues).not.toContain(text.replace('+', ''));
    }
  });
});

describe('who is erased', () => {
  test('is named in no row of any table, while the books still balance', async () => {
    const person = await aKnownPerson();
    const sale = await buy({ cardCode: person.card.code });
    await buy({ email: person.email });
    await writeAbout(person, sale);
    // Eleven stamps by now: a reward is open, and goes as well.
    await buy({ phone: person.phone });
    const texts = [person.phone, person.email, person.name, person.phone.slice(1)];
    expect(await tablesWith(stack.database, texts)).toEqual(
      expect.arrayContaining(['business.audit_log', 'customer.customers', 'loyalty.transactions']),
    );

    const erased = await erase(person.id);
    expect(erased).toMatchObject({
      status: 200,
      body: {
        customer: {
          id: person.id,
          phone: null,
          email: null,
          name: null,
          birthday: null,
          locale: null,
          consents: {},
          externalIds: {},
          tags: [],
          erasedAt: expect.any(String),
        },
      },
    });
    expect(await tablesWith(stack.database, texts)).toEqual([]);
    await assertBooks(stack.database.ownerUrl);
    const cards = await stack.database.query(
      'SELECT status, balance FROM loyalty.cards WHERE customer_id = $1',
      [toUuid(person.id as `cus_${string}`)],
    );
    expect(cards).toEqual([
      { status: 'closed', balance: '0' },
      { status: 'closed', balance: '0' },
    ]);
    const open = await stack.database.query(
      `SELECT r.id FROM loyalty.issued_rewards r JOIN loyalty.cards c ON c.id = r.card_id
        WHERE c.customer_id = $1 AND r.status IN ('available', 'reserved')`,
      [toUuid(person.id as `cus_${string}`)],
    );
    expect(open).toEqual([]);
  });

  test('has a closed card: a sale with it is nobody’s, and says why', async () => {
    const { id, card } = await aKnownPerson();
    await erase(id);
    const sale = await buy({ cardCode: card.code });
    expect(sale).toMatchObject({ customerId: null, cards: [], notes: ['card-closed'] });
    const lookUp = await api.get(`/v1/pos/customers/lookup?cardCode=${card.code}`);
    expect(lookUp.status).toBe(404);
    const adjusted = await api.post(
      `/v1/admin/cards/${card.id}/adjustments`,
      { amount: '1', reason: 'Too late' },
      key(),
    );
    expect(refusal(adjusted)).toEqual([422, 'card-closed']);
  });

  test('is somebody new when they come again', async () => {
    const { id, phone } = await aKnownPerson();
    await erase(id);
    const sale = await buy({ phone });
    expect(sale.customerId).not.toBe(id);
    expect(sale.cards).toMatchObject([{ balance: 1 }, { balance: '10' }]);
  });

  test('is erased once, however often it is asked for', async () => {
    const { id } = await aKnownPerson();
    const [first, again] = [await erase(id), await erase(id)];
    expect([first.status, again.status]).toEqual([200, 200]);
    expect(again.body).toEqual(first.body);
    const nobody = await erase('cus_01jd7x0mh8e2rta5p3v0c2k9qz');
    expect(refusal(nobody)).toEqual([422, 'unknown-customer']);
  });

  test('goes with whoever was merged into them', async () => {
    const [person, twin] = [await aKnownPerson(), await aKnownPerson()];
    await buy({ cardCode: twin.card.code });
    const merged = await api.post(`${CUSTOMERS}/${person.id}/merge`, { mergedId: twin.id }, key());
    expect(merged.status).toBe(200);
    expect(problemCode(await erase(twin.id))).toBe('customer-merged');
    await erase(person.id);
    const texts = [person, twin].flatMap(({ phone, email, name }) => [phone, email, name]);
    expect(await tablesWith(stack.database, texts)).toEqual([]);
    const sale = await buy({ cardCode: twin.card.code });
    expect(sale.notes).toEqual(['card-closed']);
  });

  test('may ask it themselves, and is told to others as an event', async () => {
    const person = await aKnownPerson();
    const subject = randomUUID();
    await stack.database.query(
      'INSERT INTO customer.identities (business_id, subject, customer_id) VALUES ($1, $2, $3)',
      [toUuid(shop.businessId), subject, toUuid(person.id as `cus_${string}`)],
    );
    const me = createApi(stack.edgeUrl, issuer.token(subject));
    const held = await me.get<Record<string, unknown[]>>(`${ME}/export`);
    expect(held.body).toMatchObject({
      customer: { phone: person.phone, email: person.email },
      cards: [{ customerId: person.id }, { customerId: person.id }],
      signIns: [{ subject }],
    });
    const gone = await me.send('DELETE', ME, { headers: key() });
    expect(gone).toMatchObject({ status: 200, body: { customer: { id: person.id } } });
    expect([403, 404]).toContain((await me.get(ME)).status);
    expect([403, 404]).toContain((await me.get(`${ME}/export`)).status);
    expect(await tablesWith(stack.database, [subject, person.email])).toEqual([]);
  });
});

describe('what is held about somebody', () => {
  test('is one document with everything, and who asked is in the audit log', async () => {
    const person = await aKnownPerson();
    const sale = await buy({ cardCode: person.card.code });
    const asked = await api.post<{ export: { id: string; url: string } }>(
      `${CUSTOMERS}/${person.id}/exports`,
      undefined,
      key(),
    );
    expect(asked).toMatchObject({ status: 201, body: { export: { url: expect.any(String) } } });
    const document = await api.get(asked.body.export.url);
    expect(document.headers.get('content-disposition')).toContain(`${person.id}.json`);
    expect(document.body).toMatchObject({
      customer: { id: person.id, name: person.name, externalIds: { crm: `crm-${person.phone}` } },
      cards: [{ balance: 1 }, { balance: '10' }],
      transactions: [
        { id: sale.id, outcome: { cards: [{ explanation: expect.arrayContaining([]) }, {}] } },
      ],
      postings: [
        { transactionId: sale.id, amount: 1 },
        { transactionId: sale.id, amount: '10' },
      ],
      audit: [{ action: 'create-customer' }, { action: 'export-customer' }],
    });
    await erase(person.id);
    expect((await api.get(asked.body.export.url)).status).toBe(404);
  });

  test('pages through any number of rows', async () => {
    const person = await aKnownPerson();
    const rows = 1_100;
    await stack.database.query(
      `INSERT INTO business.audit_log (business_id, id, principal_kind, principal_id, action,
                                       subject_id, job_id, outcome)
       SELECT $1, gen_random_uuid(), 'staff', 'nobody', 'looked-at', $2, gen_random_uuid(), 'completed'
         FROM generate_series(1, $3)`,
      [toUuid(shop.businessId), person.id, rows],
    );
    const asked = await api.post<{ export: { url: string } }>(
      `${CUSTOMERS}/${person.id}/exports`,
      undefined,
      key(),
    );
    const { body } = await api.get<{ audit: { id: string; action: string }[] }>(
      asked.body.export.url,
    );
    const seen = body.audit.filter(({ action }) => action === 'looked-at');
    expect(new Set(seen.map(({ id }) => id)).size).toBe(rows);
  });

  test('of another business’s customer is as if there were none', async () => {
    const other = await openShop(stack.database.ownerUrl);
    const foreign = `${CUSTOMERS}/${other.cards[0]!.customerId}`;
    const asked = await api.post(`${foreign}/exports`, undefined, key());
    const erased = await api.send('DELETE', foreign, { headers: key() });
    expect([problemCode(asked), problemCode(erased)]).toEqual([
      'unknown-customer',
      'unknown-customer',
    ]);
  });
});
