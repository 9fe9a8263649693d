/** A business sets itself up through the API. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createBusiness } from '../../workers/platform/create-business.ts';
import { createTestPool } from '../database.ts';
import { startTestStack, type TestStack } from '../stack.ts';
import { until } from '../until.ts';
import { type Api, createApi, type Reply, withKey, refusal } from './api.ts';
import {
  ADMIN,
  BRANDS,
  createOffice,
  type Office,
  type Resource,
  sale,
  STAMP_CARD,
} from './office.ts';
import { openShop } from './shop.ts';

let stack: TestStack;
let api: Api;
let office: Office;

beforeAll(async () => {
  stack = await startTestStack();
  const pool = createTestPool(stack.database.workerUrl);
  const names = { name: 'Café Central', defaultCurrency: 'EUR', zone: 'Europe/Lisbon' };
  const { apiKey } = await createBusiness(pool, names);
  await pool.end();
  api = createApi(stack.edgeUrl, apiKey);
  office = createOffice(api);
});

afterAll(() => stack?.stop());

describe('what people set up', () => {
  test('is added once per key, and changed only by who saw its last revision', async () => {
    const key = withKey();
    const first = await api.post<Resource>(BRANDS, { name: 'Padaria' }, key);
    const again = await api.post<Resource>(BRANDS, { name: 'Padaria' }, key);
    expect([first.status, again.status, again.body]).toEqual([201, 201, first.body]);
    expect(first.headers.get('etag')).toBe('"1"');
    const path = `${BRANDS}/${first.body.id}`;

    const changed = await office.change(path, { description: 'Bread' }, '"1"');
    expect(changed).toMatchObject({
      status: 200,
      body: { name: 'Padaria', description: 'Bread', revision: 2 },
    });
    expect(changed.headers.get('etag')).toBe('"2"');
    const stale = await office.change(path, { description: 'Cakes' }, '"1"');
    expect(refusal(stale)).toEqual([412, 'precondition-failed']);
    expect(refusal(await office.change(path, { name: 'X' }, '"not-ours"'))).toEqual([
      412,
      'precondition-failed',
    ]);
    expect(refusal(await office.change(path, { name: 'X' }))).toEqual([
      428,
      'precondition-required',
    ]);
    expect(refusal(await office.change(path, { name: 'X' }, '*'))).toEqual([
      400,
      'malformed-header',
    ]);
    const cleared = await office.change(path, { description: null }, '"2"');
    expect(cleared).toMatchObject({ status: 200, body: { description: null, revision: 3 } });
  });

  test('of two who change it at the same moment one wins', async () => {
    const { id } = await office.add(BRANDS, { name: 'Race' });
    const replies = await Promise.all(
      ['Red', 'Blue'].map((name) => office.change(`${BRANDS}/${id}`, { name }, '"1"')),
    );
    expect(new Set(replies.map((reply) => reply.status))).toEqual(new Set([200, 412]));
  });

  test('is listed a page at a time, by cursors that cannot be forged', async () => {
    for (const name of ['One', 'Two', 'Three']) await office.add(BRANDS, { name });
    type Page = { data: Resource[]; nextCursor: string | null };
    const seen: string[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const query: string = cursor && `&cursor=${cursor}`;
      const page: Reply<Page> = await api.get<Page>(`${BRANDS}?limit=2${query}`);
      expect(page.body.data.length).toBeLessThanOrEqual(2);
      seen.push(...page.body.data.map(({ id }) => id));
      cursor = page.body.nextCursor;
    }
    const all = await api.get<Page>(`${BRANDS}?limit=100`);
    expect(seen).toEqual(all.body.data.map(({ id }) => id));
    expect(seen.length).toBeGreaterThan(3);

    const { nextCursor } = (await api.get<Page>(`${BRANDS}?limit=1`)).body;
    // The first character: of the last one not every bit may count.
    const flipped = `${nextCursor!.startsWith('A') ? 'B' : 'A'}${nextCursor!.slice(1)}`;
    for (const forged of [flipped, 'AAAA', '%00']) {
      expect(refusal(await api.get(`${BRANDS}?cursor=${forged}`))).toEqual([
        400,
        'malformed-query',
      ]);
    }
    const other = await openShop(stack.database.ownerUrl);
    const foreign = createApi(stack.edgeUrl, other.apiKey);
    expect((await foreign.get(`${BRANDS}?cursor=${nextCursor}`)).status).toBe(400);
    for (const limit of ['-1', '0', '101', '1e9', 'ten', '1&limit=2']) {
      expect((await api.get(`${BRANDS}?limit=${limit}`)).status).toBe(400);
    }
  });

  test('of another business looks like nothing at all', async () => {
    const other = await openShop(stack.database.ownerUrl);
    const foreign = createApi(stack.edgeUrl, other.apiKey);
    const mine = await office.add(BRANDS, { name: 'Mine' });
    const absent = 'brd_01jd7x0mh8e2rta5p3v0c2k9qz';
    const withoutRequestId = (body: object) => ({ ...body, requestId: undefined });
    for (const ask of [
      (id: string) => foreign.get<object>(`${BRANDS}/${id}`),
      (id: string) =>
        foreign.send<object>('PATCH', `${BRANDS}/${id}`, {
          json: { name: 'Stolen' },
          headers: { 'If-Match': '"1"' },
        }),
    ]) {
      const [theirs, none] = [await ask(mine.id), await ask(absent)];
      expect([theirs.status, withoutRequestId(theirs.body)]).toEqual([
        404,
        withoutRequestId(none.body),
      ]);
    }
    expect((await api.get(`${BRANDS}/${mine.id}`)).body).toEqual(mine);
  });
});

describe('a business', () => {
  test('is set up through the API alone: brand, stores, key and program, and a till stamps', async () => {
    const { path, storeId, brandId } = await office.openProgram();
    const second = { brandId, name: 'Belém', zone: 'Europe/Lisbon', externalId: 'lx-2' };
    await office.add(`${ADMIN}/stores`, second);
    const key = { name: 'Till', integration: 'square', scopes: ['transactions:write'] };
    // Seeing what became of its sales needs no scope of its own.
    const body = { ...key, storeIds: [storeId] };
    const added = await api.post<Resource & { secret: string }>(
      `${ADMIN}/api-keys`,
      body,
      withKey(),
    );
    expect(added.status).toBe(201);
    const { secret, ...view } = added.body;
    expect(view).toMatchObject({ lastUsedAt: null });
    expect(await api.get(`${ADMIN}/api-keys/${view.id}`)).toMatchObject({ body: view });
    expect((await api.get(`${ADMIN}/api-keys/${view.id}`)).body).not.toHaveProperty('secret');

    const till = createApi(stack.edgeUrl, secret);
    const { cards } = await till.record(sale(storeId));
    expect(cards).toMatchObject([
      { earned: 1, balance: 1, progress: { text: '1 of 10, 9 to go' } },
    ]);
    await until('the key says when it was used', async () => {
      const { lastUsedAt } = (
        await api.get<{ lastUsedAt: string | null }>(`${ADMIN}/api-keys/${view.id}`)
      ).body;
      return lastUsedAt !== null && Date.now() - Date.parse(lastUsedAt) < 60_000;
    });
    const versions = await api.get<{ data: object[] }>(`${path}/versions`);
    expect(versions.body.data).toMatchObject([{ number: 1, to: null }]);

    // The secret is in nobody's keeping: not in the books, not in the log, not in a queue.
    const kept = await stack.database.query(
      `SELECT 1 FROM loyalty.jobs j, business.audit_log a
        WHERE j.result::text || a.detail::text LIKE '%' || $1 || '%'`,
      [secret.slice(3, 51)],
    );
    expect([kept, stack.logs().includes(secret)]).toEqual([[], false]);

    const revoked = await office.act(`${ADMIN}/api-keys/${view.id}/revoke`, 1);
    expect(revoked).toMatchObject({ status: 200, body: { revokedAt: expect.any(String) } });
    const revokedAt = Date.now();
    await until('the revoked key is refused', async () => {
      const { status } = await till.get('/v1/jobs/job_01jd7x0mh8e2rta5p3v0c2k9qz');
      return status === 401 || undefined;
    });
    expect(Date.now() - revokedAt).toBeLessThan(10_000);
  });

  test('gets the same secret when it asks again because the answer was lost', async () => {
    const key = withKey();
    const body = { name: 'Lost', integration: 'lost', scopes: ['transactions:write'] };
    const first = await api.post(`${ADMIN}/api-keys`, body, key);
    const again = await api.post(`${ADMIN}/api-keys`, body, key);
    expect([first.status, again.body]).toEqual([201, first.body]);
  });

  test('has at most two live keys for one integration', async () => {
    const body = { name: 'Till', integration: 'rotating', scopes: ['transactions:write'] };
    const one = await api.post<Resource>(`${ADMIN}/api-keys`, body, withKey());
    await api.post(`${ADMIN}/api-keys`, body, withKey());
    const third = await api.post(`${ADMIN}/api-keys`, body, withKey());
    expect(refusal(third)).toEqual([409, 'too-many-keys']);
    await office.act(`${ADMIN}/api-keys/${one.body.id}/revoke`, 1);
    expect((await api.post(`${ADMIN}/api-keys`, body, withKey())).status).toBe(201);
  });

  test('keeps its till’s store ids apart, and names no brand or zone that is not there', async () => {
    const { id: brandId } = await office.add(BRANDS, { name: 'Stores' });
    const store = { brandId, name: 'A', zone: 'Europe/Lisbon', externalId: 'same' };
    const first = await office.add(`${ADMIN}/stores`, store);
    const taken = await api.post(`${ADMIN}/stores`, store, withKey());
    expect(refusal(taken)).toEqual([409, 'external-id-taken']);
    const other = await office.add(`${ADMIN}/stores`, { ...store, externalId: 'other' });
    const path = `${ADMIN}/stores/${other.id}`;
    expect(refusal(await office.change(path, { externalId: 'same' }, '"1"'))).toEqual([
      409,
      'external-id-taken',
    ]);
    await office.change(`${ADMIN}/stores/${first.id}`, { externalId: null }, '"1"');
    expect((await office.change(path, { externalId: 'same' }, '"1"')).status).toBe(200);
    const nowhere = { ...store, externalId: 'x', zone: 'Europe/Atlantis' };
    expect(refusal(await api.post(`${ADMIN}/stores`, nowhere, withKey()))).toEqual([
      422,
      'validation-failed',
    ]);
    const brandless = { ...store, externalId: 'x', brandId: 'brd_01jd7x0mh8e2rta5p3v0c2k9qz' };
    expect(refusal(await api.post(`${ADMIN}/stores`, brandless, withKey()))).toEqual([
      422,
      'unknown-brand',
    ]);
  });

  test('refuses sales after a store closed, and takes those from before that come late', async () => {
    const { storeId } = await office.openProgram();
    const path = `${ADMIN}/stores/${storeId}`;
    const before = new Date(Date.now() - 60_000).toISOString();
    expect((await office.act(`${path}/deactivate`, 1)).status).toBe(200);
    expect(await api.postSale(sale(storeId))).toMatchObject({
      status: 'declined',
      problem: { type: expect.stringContaining('store-closed') },
    });
    await api.record(sale(storeId, { occurredAt: before }));
    expect(refusal(await office.act(`${path}/deactivate`, 2))).toEqual([409, 'wrong-state']);
    expect((await office.act(`${path}/reactivate`, 2)).status).toBe(200);
    await api.record(sale(storeId));
  });

  test('judges a sale by whether the program was paused when it happened', async () => {
    const { path, storeId } = await office.openProgram();
    expect(await office.act(`${path}/pause`, 3)).toMatchObject({ body: { status: 'paused' } });
    const paused = await api.record(sale(storeId));
    expect(paused).toMatchObject({ cards: [], notes: ['program-paused'] });
    const during = new Date().toISOString();
    await until('it is later than that', () => Date.now() > Date.parse(during));
    expect(await office.act(`${path}/resume`, 4)).toMatchObject({ body: { status: 'active' } });
    expect((await api.record(sale(storeId))).cards).toHaveLength(1);
    const late = await api.record(sale(storeId, { occurredAt: during }));
    expect(late.notes).toEqual(['program-paused']);
    expect(await office.act(`${path}/archive`, 5)).toMatchObject({ body: { status: 'archived' } });
    expect(refusal(await office.act(`${path}/resume`, 6))).toEqual([409, 'wrong-state']);
  });

  test('is told in words what is wrong with a draft, and cannot publish it', async () => {
    const { path } = await office.openProgram();
    const half = { ...STAMP_CARD, rules: [{ kind: 'perVisit', amount: '0.5' }] };
    expect((await office.put(`${path}/draft`, { definition: half }, 3)).status).toBe(200);
    const told = await api.post<object>(`${path}/draft/validate`, undefined);
    expect(told).toMatchObject({
      status: 200,
      body: {
        publishable: false,
        problems: [{ code: 'fraction-of-a-stamp', pointer: '/rules/0/amount' }],
      },
    });
    const refused = await office.act(`${path}/publish`, 4, {});
    expect(refusal(refused)).toEqual([422, 'definition-invalid']);
    expect(JSON.stringify(refused.body)).toContain('Stamps are whole');
  });

  test('replaces a version from a moment on; a card that was begun keeps its own', async () => {
    const { path, storeId } = await office.openProgram();
    const phone = { customer: { phone: '+351912345679' } };
    await api.record(sale(storeId, phone));
    const double = {
      ...STAMP_CARD,
      rules: [{ kind: 'perVisit', amount: '2' }],
      autoReward: { ...STAMP_CARD.autoReward, cost: '5' },
    };
    await office.put(`${path}/draft`, { definition: double }, 3);
    const past = await office.act(`${path}/publish`, 4, { from: '2020-01-01T00:00:00Z' });
    expect(refusal(past)).toEqual([422, 'from-in-past']);
    expect((await office.act(`${path}/publish`, 4, {})).status).toBe(200);
    expect((await api.record(sale(storeId, phone))).cards).toMatchObject([{ earned: 1 }]);
    const fresh = { customer: { phone: '+351912345680' } };
    expect((await api.record(sale(storeId, fresh))).cards).toMatchObject([{ earned: 2 }]);
    type Page = { data: { number: number; from: string; to: string | null }[] };
    const [second, first] = (await api.get<Page>(`${path}/versions`)).body.data;
    expect([first?.to, second?.to]).toEqual([second?.from, null]);
  });

  test('changes its own settings, and takes old sales when it says so', async () => {
    const { storeId } = await office.openProgram(STAMP_CARD, '1990-01-01T00:00:00Z');
    const old = { occurredAt: '1997-01-01T12:00:00Z' };
    expect(await api.record(sale(storeId, old))).toMatchObject({ status: 'review' });
    const { revision } = (await api.get<Resource>(`${ADMIN}/business`)).body;
    const path = `${ADMIN}/business`;
    const settings = { acceptPastDays: 36_500, refundWaitDays: 0 };
    const changed = await office.change(path, settings, `"${revision}"`);
    expect(changed).toMatchObject({ status: 200, body: settings });
    expect(await api.record(sale(storeId, old))).toMatchObject({ status: 'recorded' });
  });

  test('reads in its audit log who did what, what was declined included', async () => {
    const { id } = await office.add(BRANDS, { name: 'Audited' });
    await office.change(`${BRANDS}/${id}`, { name: 'Renamed' }, '"1"');
    await office.change(`${BRANDS}/${id}`, { name: 'Too late' }, '"1"');
    const { body } = await api.get<{ data: object[] }>(`${ADMIN}/audit?subjectId=${id}`);
    expect(body.data).toMatchObject([
      { action: 'update-brand', outcome: 'declined' },
      { action: 'update-brand', outcome: 'completed', detail: { name: 'Renamed' } },
      { action: 'create-brand', principal: { kind: 'integration', id: 'setup' } },
    ]);
    const created = await api.get<{ data: object[] }>(
      `${ADMIN}/audit?subjectId=${id}&action=create-brand`,
    );
    expect(created.body.data).toHaveLength(1);
  });

  test('has people with roles; their names travel sealed, and the last owner stays', async () => {
    const STAFF = `${ADMIN}/staff`;
    const { storeId } = await office.openProgram();
    const owner = { name: 'Canary Owner', email: 'canary@example.com', role: 'owner' };
    const first = await api.post<Resource>(STAFF, owner, withKey());
    expect(first).toMatchObject({
      status: 201,
      body: { email: 'canary@example.com', status: 'invited', storeIds: null },
    });
    const path = `${STAFF}/${first.body.id}`;
    const twice = await api.post(STAFF, { ...owner, email: 'Canary@Example.com' }, withKey());
    expect(refusal(twice)).toEqual([409, 'staff-email-in-use']);
    const partOwner = { ...owner, email: 'part@example.com', storeIds: [storeId] };
    expect(refusal(await api.post(STAFF, partOwner, withKey()))).toEqual([
      422,
      'owner-of-some-stores',
    ]);
    expect(refusal(await office.act(`${path}/remove`, 1))).toEqual([409, 'last-owner']);
    expect(refusal(await office.change(path, { role: 'manager' }, '"1"'))).toEqual([
      409,
      'last-owner',
    ]);
    const cashier = { ...partOwner, role: 'cashier' };
    const second = await office.add(STAFF, cashier);
    const promoted = { role: 'owner', storeIds: null, phone: '+351912345600' };
    expect(await office.change(`${STAFF}/${second.id}`, promoted, '"1"')).toMatchObject({
      status: 200,
      body: { role: 'owner', phone: '+351912345600', revision: 2 },
    });
    expect(await office.act(`${path}/remove`, 1)).toMatchObject({
      status: 200,
      body: { status: 'removed' },
    });
    const key = withKey();
    const again = { name: 'Again', email: 'again@example.com', role: 'analyst' };
    const one = await api.post(STAFF, again, key);
    expect((await api.post(STAFF, again, key)).body).toEqual(one.body);
    const other = await api.post(STAFF, { ...again, name: 'Other' }, key);
    expect(refusal(other)).toEqual([422, 'idempotency-key-reused']);

    const kept = await stack.database.query(
      `SELECT 1 FROM business.audit_log a, loyalty.jobs j
        WHERE (a.detail::text || j.result::text) ~* 'canary'`,
    );
    expect([kept, /canary/i.test(stack.logs())]).toEqual([[], false]);
  });

  test('has pages that anybody may read and caches may keep', async () => {
    const { path, brandId, storeId } = await office.openProgram();
    const anybody = createApi(stack.edgeUrl, undefined);
    const page = await anybody.get<object>(`/v1/public/brands/${brandId}`);
    expect(page).toMatchObject({
      status: 200,
      body: { stores: [{ id: storeId }], programs: [{ unit: 'stamp' }] },
    });
    expect(page.headers.get('cache-control')).toContain('public');
    const programId = path.split('/').at(-1);
    const program = await anybody.get(`/v1/public/programs/${programId}`);
    expect(program.body).toMatchObject({
      rules: ['1 stamp per visit.', 'For 10 stamps: Free coffee.'],
    });
    const etag = page.headers.get('etag')!;
    const again = await fetch(`${stack.edgeUrl}/v1/public/brands/${brandId}`, {
      headers: { 'If-None-Match': etag },
    });
    expect([again.status, await again.text()]).toEqual([304, '']);
    await office.change(`${BRANDS}/${brandId}`, { description: 'New' }, '"1"');
    const changed = await anybody.get(`/v1/public/brands/${brandId}`, { 'If-None-Match': etag });
    expect(changed).toMatchObject({ status: 200, body: { description: 'New' } });
    await office.act(`${path}/pause`, 3);
    expect((await anybody.get(`/v1/public/programs/${programId}`)).status).toBe(404);
  });
});
