/** A business sets itself up through the API. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { startTestStack, type TestStack } from '../stack.ts';
import { type Api, createApi, problemCode, type Reply } from './api.ts';
import { openShop, type Shop } from './shop.ts';

let stack: TestStack;
let shop: Shop;
let api: Api;

beforeAll(async () => {
  stack = await startTestStack();
  shop = await openShop(stack.database.ownerUrl);
  api = createApi(stack.edgeUrl, shop.apiKey);
});

afterAll(() => stack.stop());

const BRANDS = '/v1/admin/brands';
type Resource = { id: string; revision: number };

const withKey = (key: string = randomUUID()) => ({ 'Idempotency-Key': key });

/** Adds one of a resource; the answer must be where it says it is. */
async function add<View extends Resource>(path: string, json: object): Promise<View> {
  const added = await api.post<View>(path, json, withKey());
  expect(added).toMatchObject({ status: 201, body: { revision: 1 } });
  expect(added.headers.get('location')).toBe(`${path}/${added.body.id}`);
  const { body } = await api.get<View>(`${path}/${added.body.id}`);
  expect(body).toEqual(added.body);
  return added.body;
}

const change = <View extends Resource>(path: string, json: object, ifMatch?: string) =>
  api.send<View>('PATCH', path, { json, ...(ifMatch && { headers: { 'If-Match': ifMatch } }) });

const answer = (reply: Reply) => [reply.status, problemCode(reply)];

describe('what people set up', () => {
  test('is added once per key, and changed only by who saw its last revision', async () => {
    const key = withKey();
    const first = await api.post<Resource>(BRANDS, { name: 'Padaria' }, key);
    const again = await api.post<Resource>(BRANDS, { name: 'Padaria' }, key);
    expect([first.status, again.status, again.body]).toEqual([201, 201, first.body]);
    expect(first.headers.get('etag')).toBe('"1"');
    const path = `${BRANDS}/${first.body.id}`;

    const changed = await change(path, { description: 'Bread' }, '"1"');
    expect(changed).toMatchObject({
      status: 200,
      body: { name: 'Padaria', description: 'Bread', revision: 2 },
    });
    expect(changed.headers.get('etag')).toBe('"2"');
    const stale = await change(path, { description: 'Cakes' }, '"1"');
    expect(answer(stale)).toEqual([412, 'precondition-failed']);
    expect(answer(await change(path, { name: 'X' }, '"not-ours"'))).toEqual([
      412,
      'precondition-failed',
    ]);
    expect(answer(await change(path, { name: 'X' }))).toEqual([428, 'precondition-required']);
    expect(answer(await change(path, { name: 'X' }, '*'))).toEqual([400, 'malformed-header']);
    const cleared = await change(path, { description: null }, '"2"');
    expect(cleared).toMatchObject({ status: 200, body: { description: null, revision: 3 } });
  });

  test('of two who change it at the same moment one wins', async () => {
    const { id } = await add(BRANDS, { name: 'Race' });
    const replies = await Promise.all(
      ['Red', 'Blue'].map((name) => change(`${BRANDS}/${id}`, { name }, '"1"')),
    );
    expect(new Set(replies.map((reply) => reply.status))).toEqual(new Set([200, 412]));
  });

  test('is listed a page at a time, by cursors that cannot be forged', async () => {
    for (const name of ['One', 'Two', 'Three']) await add(BRANDS, { name });
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
    const flipped = nextCursor!.endsWith('A') ? 'B' : 'A';
    for (const forged of [`${nextCursor!.slice(0, -2)}${flipped}A`, 'AAAA', '%00']) {
      expect(answer(await api.get(`${BRANDS}?cursor=${forged}`))).toEqual([400, 'malformed-query']);
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
    const mine = await add(BRANDS, { name: 'Mine' });
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
