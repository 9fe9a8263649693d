/** Somebody at the shop puts right what a rule could not. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { assertBooks } from '../ledger-check.ts';
import { startTestStack, type TestStack } from '../stack.ts';
import { type Api, createApi, withKey, refusal } from './api.ts';
import { openShop, type Shop } from './shop.ts';

let stack: TestStack;
let shop: Shop;
let api: Api;

beforeAll(async () => {
  stack = await startTestStack();
  shop = await openShop(stack.database.ownerUrl);
  api = createApi(stack.edgeUrl, shop.apiKey);
});

afterAll(async () => {
  await assertBooks(stack.database.ownerUrl);
  await stack.stop();
});

const path = () => `/v1/admin/cards/${shop.cards[0]!.id}/adjustments`;

describe('an adjustment', () => {
  test('waits for its outcome and answers with the new balance', async () => {
    const given = await api.post(path(), { amount: '5', reason: 'Till was down' }, withKey());
    expect(given).toMatchObject({
      status: 201,
      body: { adjustment: { amount: 5, reason: 'Till was down' } },
    });
    const taken = await api.post(path(), { amount: '-2', reason: 'One too many' }, withKey());
    expect(taken).toMatchObject({ status: 201, body: { adjustment: { amount: -2 } } });
  });

  test('sent again with its key counts once; with another body it is refused', async () => {
    const key = withKey();
    const body = { amount: '1', reason: 'Forgotten stamp' };
    const first = await api.post(path(), body, key);
    expect(await api.post(path(), body, key)).toMatchObject({ status: 201, body: first.body });
    const other = await api.post(path(), { ...body, amount: '2' }, key);
    expect(refusal(other)).toEqual([422, 'idempotency-key-reused']);
  });

  test('never takes a balance below zero, nor gives a part of a stamp', async () => {
    const tooMuch = await api.post(path(), { amount: '-1000', reason: 'All of it' }, withKey());
    expect(refusal(tooMuch)).toEqual([422, 'insufficient-balance']);
    const half = await api.post(path(), { amount: '0.5', reason: 'Half a coffee' }, withKey());
    expect(refusal(half)).toEqual([422, 'fraction-of-a-stamp']);
  });

  test('needs a key, a reason and a card of this business', async () => {
    const noKey = await api.post(path(), { amount: '1', reason: 'No key' });
    expect(refusal(noKey)).toEqual([400, 'malformed-header']);
    const noReason = await api.post(path(), { amount: '1' }, withKey());
    expect(refusal(noReason)).toEqual([422, 'validation-failed']);
    const other = await openShop(stack.database.ownerUrl);
    const foreign = `/v1/admin/cards/${other.cards[0]!.id}/adjustments`;
    const refused = await api.post(foreign, { amount: '1', reason: 'Not mine' }, withKey());
    expect(refusal(refused)).toEqual([422, 'unknown-card']);
  });

  test('is in the audit log with who did it and why', async () => {
    const rows = await stack.database.query(
      `SELECT action, principal_kind, subject_id, outcome, detail ->> 'reason' AS reason
         FROM business.audit_log WHERE detail ->> 'reason' = 'Till was down'`,
    );
    expect(rows).toEqual([
      {
        action: 'adjust-card',
        principal_kind: 'integration',
        subject_id: shop.cards[0]!.id,
        outcome: 'completed',
        reason: 'Till was down',
      },
    ]);
  });
});
