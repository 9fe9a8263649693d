/** An owner runs promotions; customers get what was promised, and no more. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { assertBooks } from '../ledger-check.ts';
import { startTestStack, type TestStack } from '../stack.ts';
import { type Api, createApi, refusal } from './api.ts';
import { openShop, POINTS, type Shop } from './shop.ts';

let stack: TestStack;
let shop: Shop;
let api: Api;

beforeAll(async () => {
  stack = await startTestStack();
  shop = await openShop(stack.database.ownerUrl, { programs: [POINTS] });
  api = createApi(stack.edgeUrl, shop.apiKey);
});

afterAll(async () => {
  try {
    if (stack) await assertBooks(stack.database.ownerUrl);
  } finally {
    await stack?.stop();
  }
});

const PROMOTIONS = '/v1/admin/promotions';
type Promotion = { id: string; revision: number; status: string; definition: object };

const double = (over: object = {}) => ({
  programId: shop.programs[0]!.id,
  definition: { name: 'Double', effect: { kind: 'multiplier', multiplier: '2' }, ...over },
});
const draft = (json: object) =>
  api.post<Promotion>(PROMOTIONS, json, { 'Idempotency-Key': randomUUID() });
const change = (method: string, path: string, revision: number, json?: object) =>
  api.send<Promotion>(method, `${PROMOTIONS}/${path}`, {
    ...(json && { json }),
    headers: { 'If-Match': `"${revision}"` },
  });
/** What ten euros earn just now. */
async function earned(): Promise<{ points: string; codes: string[] }> {
  const [card] = (await api.record(shop.sale())).cards;
  return { points: String(card!.earned), codes: card!.explanation.map((step) => step.code) };
}

describe('a promotion', () => {
  test('counts from its publishing until it is paused, with the words it has then', async () => {
    const { body: drafted } = await draft(double());
    expect(drafted).toMatchObject({ status: 'draft', revision: 1 });
    expect(await earned()).toMatchObject({ points: '10' });
    const { body: live } = await change('POST', `${drafted.id}/publish`, 1);
    expect(live).toMatchObject({ status: 'live', revision: 2 });
    const doubled = await earned();
    expect(doubled.points).toBe('20');
    expect(doubled.codes).toContain('promotion');

    const triple = { ...live.definition, effect: { kind: 'multiplier', multiplier: '3' } };
    const { body: reworded } = await change('PATCH', drafted.id, 2, { definition: triple });
    expect(reworded).toMatchObject({ status: 'live', revision: 3 });
    expect(await earned()).toMatchObject({ points: '30' });

    await change('POST', `${drafted.id}/pause`, 3);
    expect(await earned()).toMatchObject({ points: '10' });
    expect(refusal(await change('POST', `${drafted.id}/pause`, 4))).toEqual([
      422,
      'promotion-not-live',
    ]);
    await change('POST', `${drafted.id}/end`, 4);
    expect(refusal(await change('POST', `${drafted.id}/publish`, 5))).toEqual([
      422,
      'promotion-ended',
    ]);
    expect((await api.get(`${PROMOTIONS}/${drafted.id}`)).body).toMatchObject({ status: 'ended' });
  });

  test('with a budget gives it to the last unit; it may grow, but not below what was given', async () => {
    const { body: drafted } = await draft(double({ budget: '15' }));
    await change('POST', `${drafted.id}/publish`, 1);
    expect([(await earned()).points, (await earned()).points, (await earned()).points]).toEqual([
      '20',
      '15',
      '10',
    ]);
    const reword = (budget: string | undefined, revision: number) =>
      change('PATCH', drafted.id, revision, { definition: { ...double({ budget }).definition } });
    expect(refusal(await reword('14', 2))).toEqual([422, 'budget-already-given']);
    expect(refusal(await reword(undefined, 2))).toEqual([422, 'budget-is-fixed']);
    expect(await reword('20', 2)).toMatchObject({ status: 200 });
    expect([(await earned()).points, (await earned()).points]).toEqual(['15', '10']);
    await change('POST', `${drafted.id}/end`, 3);
  });

  test('is previewed as it would be recorded, and nothing is used up by that', async () => {
    const { body: drafted } = await draft(double({ limit: { uses: 1, per: 'promotion' } }));
    await change('POST', `${drafted.id}/publish`, 1);
    const preview = async () => {
      const { body } = await api.post<{ transaction: { cards: { earned: string }[] } }>(
        '/v1/pos/transactions/preview',
        shop.sale(),
      );
      return body.transaction.cards[0]!.earned;
    };
    expect([await preview(), await preview()]).toEqual(['20', '20']);
    expect(await earned()).toMatchObject({ points: '20' });
    const [after, next] = [await preview(), await earned()];
    expect([after, next.points]).toEqual(['10', '10']);
    expect(next.codes).toContain('promotion-not-applied');
    await change('POST', `${drafted.id}/end`, 2);
  });

  test('that makes no sense, or is of another business, is refused', async () => {
    const faults: [object, string][] = [
      [{ window: { from: '2026-02-02', to: '2026-02-01' } }, 'window-ends-before-it-begins'],
      [{ window: { hours: { from: '10:00', to: '10:00' } } }, 'hours-are-empty'],
      [{ effect: { kind: 'multiplier', multiplier: '1' } }, 'multiplier-too-small'],
      [{ storeIds: ['sto_01jd7x0mh8e2rta5p3v0c2k9qz'] }, 'unknown-store'],
      [{ budget: '0' }, 'validation-failed'],
      [{ window: { hours: { from: '24:00', to: '25:00' } } }, 'validation-failed'],
    ];
    for (const [over, code] of faults) {
      expect(refusal(await draft(double(over)))).toEqual([422, code]);
    }
    const other = await openShop(stack.database.ownerUrl);
    expect(refusal(await draft({ ...double(), programId: other.programs[0]!.id }))).toEqual([
      422,
      'unknown-program',
    ]);
    const { body: mine } = await draft(double());
    const foreign = createApi(stack.edgeUrl, other.apiKey);
    expect((await foreign.get(`${PROMOTIONS}/${mine.id}`)).status).toBe(404);
  });
});
