/** What is not used in time is gone; every balance of the past can be asked for, and explained. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { DAY_MS } from '../../domain/values/time.ts';
import { Client } from 'pg';
import { addApiKey } from '../../infra/local/seed-business.ts';
import { toUuid } from '../../infra/postgres/ids.ts';
import { assertBooks } from '../ledger-check.ts';
import { startTestStack, type TestStack } from '../stack.ts';
import { type Api, createApi, withKey, refusal } from './api.ts';
import { openShop, type Shop, STAMPS } from './shop.ts';

type CardView = { balance: number; status: string; expiring: { amount: number }[] };
type Line = { id: string | null; kind: string; amount: number; balance: number; reason: string };
type Page = { data: Line[]; nextCursor: string | null };
type ApprovalView = { id: string; jobId: string; status: string };

const within7Days = {
  ...STAMPS,
  definition: { ...STAMPS.definition, expiry: { kind: 'rolling', period: 'P7D' } },
};

let stack: TestStack;
let shop: Shop;
let api: Api;

beforeAll(async () => {
  stack = await startTestStack();
  const customers = Array.from({ length: 3 }, () => ({ program: 'Stamps' }));
  shop = await openShop(stack.database.ownerUrl, { programs: [within7Days], customers });
  api = createApi(stack.edgeUrl, shop.apiKey);
});

afterAll(async () => {
  await assertBooks(stack.database.ownerUrl);
  await stack.stop();
});

const ago = (days: number) => new Date(Date.now() - days * DAY_MS).toISOString();
const cardPath = (n: number) => `/v1/admin/cards/${shop.cards[n]!.id}`;
const onCard = (n: number) => ({ customer: { cardCode: shop.cards[n]!.code } });

async function card(n: number, query = ''): Promise<CardView> {
  const { status, body } = await api.get<{ card: CardView }>(`${cardPath(n)}${query}`);
  expect(status).toBe(200);
  return body.card;
}

describe('stamps that were not used within a week', () => {
  test('are on no balance, though nobody has swept them', async () => {
    await api.record(shop.sale({ ...onCard(0), occurredAt: ago(10) }));
    // Two days apart: what is one day apart may lie in one day, when it has 25 hours.
    await api.record(shop.sale({ ...onCard(0), occurredAt: ago(6) }));
    await api.record(shop.sale({ ...onCard(0), occurredAt: ago(4) }));
    expect(await card(0)).toMatchObject({ balance: 2, expiring: [{ amount: 1 }, { amount: 1 }] });
    const { body } = await api.get<{ cards: CardView[] }>(
      `/v1/pos/customers/lookup?cardCode=${shop.cards[0]!.code}`,
    );
    expect(body.cards).toMatchObject([{ balance: 2, progress: { current: 2 } }]);
  });

  test('count for a sale that comes late, and not for one that occurs late', async () => {
    const [before, after] = [9.5, 0.5].map((days) => ({ ...onCard(1), occurredAt: ago(days) }));
    await api.record(shop.sale({ ...onCard(1), occurredAt: ago(10) }));
    const late = await api.record(shop.sale(before));
    expect(late.cards).toMatchObject([{ balance: 2 }]);
    const preview = await api.post<{ transaction: object }>(
      '/v1/pos/transactions/preview',
      shop.sale(after),
    );
    const sale = await api.record(shop.sale(after));
    for (const seen of [preview.body.transaction, sale]) {
      expect(seen).toMatchObject({ cards: [{ earned: 1, balance: 1 }] });
    }
    expect(sale.cards[0]!.explanation[0]).toMatchObject({ code: 'lots-expired' });
  });

  test('stand in the history, which sums to the balance at every line', async () => {
    for (const n of [0, 1]) {
      const lines: Line[] = [];
      let cursor: string | null = null;
      do {
        const query: string = `?limit=2${cursor === null ? '' : `&cursor=${encodeURIComponent(cursor)}`}`;
        const { body }: { body: Page } = await api.get<Page>(`${cardPath(n)}/history${query}`);
        lines.push(...body.data);
        cursor = body.nextCursor;
      } while (cursor !== null);
      let sum = 0;
      for (const line of lines.toReversed()) {
        sum += line.amount;
        expect(line.balance).toBe(sum);
      }
      expect(sum).toBe((await card(n)).balance);
      expect(lines.map(({ kind }) => kind)).toContain('expiry');
    }
  });

  test('were there when it was asked of that day; of the future nothing is known', async () => {
    // Card 0: a stamp ten days ago, gone two days ago; one six and one four days ago.
    for (const [days, balance] of [
      [11, 0],
      [9, 1],
      [5, 2],
      [3.9, 3],
      [0.1, 2],
    ] as const) {
      expect(await card(0, `?asOf=${ago(days)}`)).toMatchObject({ balance });
    }
    expect(await card(0, `?asOf=${ago(0.1)}&by=recorded`)).toMatchObject({ balance: 0 });
    const now = new Date().toISOString();
    expect(await card(0, `?asOf=${now}&by=recorded`)).toMatchObject({ balance: 2 });
    const future = await api.get(`${cardPath(0)}?asOf=${ago(-1)}`);
    expect(refusal(future)).toEqual([400, 'malformed-query']);
    for (const query of ['?asOf=yesterday', '?asOf=2026-01-01', '?by=event']) {
      expect((await api.get(cardPath(0) + query)).status).toBe(400);
    }
  });

  test('of another business are nobody’s to see', async () => {
    const other = await openShop(stack.database.ownerUrl);
    const foreign = createApi(stack.edgeUrl, other.apiKey);
    for (const path of [cardPath(0), `${cardPath(0)}/history`]) {
      const { status } = await foreign.get(path);
      expect(status).toBe(404);
    }
  });
});

describe('an adjustment above the limit', () => {
  const adjust = (amount: string) =>
    api.post<{ job: { id: string; status: string } }>(
      `${cardPath(2)}/adjustments`,
      { amount, reason: 'Lost card' },
      withKey(),
    );
  const decide = (by: Api, approval: ApprovalView, verdict: 'approve' | 'reject') =>
    by.post<object>(`/v1/admin/approvals/${approval.id}/${verdict}`, {}, withKey());
  const waiting = async () =>
    (await api.get<{ data: ApprovalView[] }>('/v1/admin/approvals?status=pending')).body.data;
  let second: Api;

  beforeAll(async () => {
    const business = toUuid(shop.businessId);
    await stack.database.query(
      `UPDATE business.businesses SET adjustment_limit = 5, config_revision = config_revision + 1
        WHERE id = $1`,
      [business],
    );
    const client = new Client({ connectionString: stack.database.ownerUrl });
    await client.connect();
    const key = { integration: 'office', name: 'Office' };
    second = createApi(stack.edgeUrl, await addApiKey(client, shop.businessId, key));
    await client.end();
  });

  test('waits for a second person; who asked cannot approve it', async () => {
    expect((await adjust('5')).status).toBe(201);
    const asked = await adjust('6');
    expect(asked).toMatchObject({ status: 202, body: { job: { status: 'waiting' } } });
    expect(await card(2)).toMatchObject({ balance: 5 });
    const [approval] = await waiting();
    expect(approval).toMatchObject({ kind: 'adjust-card', jobId: asked.body.job.id });
    const own = await decide(api, approval!, 'approve');
    expect(refusal(own)).toEqual([422, 'second-approver-needed']);
    expect(await decide(second, approval!, 'approve')).toMatchObject({
      status: 200,
      body: { approval: { status: 'approved' }, adjustment: { amount: 6, balance: 11 } },
    });
    expect(await api.endOf(asked.body.job.id)).toMatchObject({ status: 'completed' });
    expect(await card(2)).toMatchObject({ balance: 11 });
    const again = await decide(second, approval!, 'approve');
    expect(refusal(again)).toEqual([422, 'already-decided']);
  });

  test('that is rejected changes nothing, and its job says so', async () => {
    const asked = await adjust('-9');
    const [approval] = await waiting();
    expect(await decide(second, approval!, 'reject')).toMatchObject({ status: 200 });
    const job = await api.endOf(asked.body.job.id);
    expect(job.status).toBe('declined');
    expect(job.problem?.type).toMatch(/approval-rejected$/);
    expect(await card(2)).toMatchObject({ balance: 11 });
    expect(await waiting()).toEqual([]);
  });

  test('that the card cannot bear is declined at once', async () => {
    const asked = await adjust('-1000');
    expect(refusal(asked)).toEqual([422, 'insufficient-balance']);
  });
});

describe('a blocked card', () => {
  const set = (to: 'block' | 'unblock') =>
    api.post(`${cardPath(2)}/${to}`, { reason: 'Reported stolen' }, withKey());

  test('earns nothing until it is unblocked; both stand in the audit log', async () => {
    expect(await set('block')).toMatchObject({
      status: 200,
      body: { card: { status: 'blocked' } },
    });
    const sale = await api.record(shop.sale(onCard(2)));
    expect(sale.cards).toMatchObject([{ earned: 0, explanation: [{ code: 'card-blocked' }] }]);
    expect(await set('unblock')).toMatchObject({ status: 200 });
    expect((await api.record(shop.sale(onCard(2)))).cards).toMatchObject([{ earned: 1 }]);
    const rows = await stack.database.query(
      `SELECT action, detail ->> 'reason' AS reason FROM business.audit_log
        WHERE subject_id = $1 AND action LIKE '%block-card' ORDER BY recorded_at`,
      [shop.cards[2]!.id],
    );
    expect(rows).toEqual([
      { action: 'block-card', reason: 'Reported stolen' },
      { action: 'unblock-card', reason: 'Reported stolen' },
    ]);
  });
});

test('the books’ differences are listed, and none is there', async () => {
  const { status, body } = await api.get('/v1/admin/ledger/differences');
  expect([status, body]).toMatchObject([200, { data: [], nextCursor: null }]);
  // The hour may have struck meanwhile.
  const { lastCheck } = body as { lastCheck: { differences: number } | null };
  expect(lastCheck?.differences ?? 0).toBe(0);
});
