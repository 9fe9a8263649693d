/** Whom the shop knows: written down, found again, sorted, and never shown to another shop. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import type { z } from 'zod';
import type { customerSchema } from '../../edge/customer-directory.ts';
import { assertBooks } from '../ledger-check.ts';
import { startTestStack, type TestStack } from '../stack.ts';
import { type Api, createApi, refusal } from './api.ts';
import { openShop, POINTS, type Shop, STAMPS } from './shop.ts';

type Customer = z.output<typeof customerSchema>;
type Page = { data: Customer[]; nextCursor: string | null };

let stack: TestStack;
let shop: Shop;
let api: Api;

beforeAll(async () => {
  stack = await startTestStack({ processes: ['edge', 'worker'] });
  shop = await openShop(stack.database.ownerUrl, { programs: [STAMPS, POINTS] });
  api = createApi(stack.edgeUrl, shop.apiKey);
});

afterAll(async () => {
  await assertBooks(stack.database.ownerUrl);
  await stack.stop();
});

const CUSTOMERS = '/v1/admin/customers';
const key = () => ({ 'Idempotency-Key': randomUUID() });
const send = (method: string, path: string, json?: unknown) =>
  api.send<{ customer: Customer }>(method, path, {
    ...(json !== undefined && { json }),
    headers: key(),
  });

async function add(body: object): Promise<Customer> {
  const reply = await send('POST', CUSTOMERS, body);
  expect(reply).toMatchObject({ status: 201 });
  return reply.body.customer;
}

async function find(query: Record<string, string>): Promise<Page> {
  const reply = await api.get<Page>(`${CUSTOMERS}?${new URLSearchParams(query).toString()}`);
  expect(reply).toMatchObject({ status: 200 });
  return reply.body;
}

const namesOf = (page: Page) => page.data.map((customer) => customer.name);

describe('a customer', () => {
  test('is added with what is known, and gets a card in the programs named', async () => {
    const customer = await add({
      phone: '+351911111111',
      email: 'Ana@Example.com',
      name: 'Ana Sousa',
      birthday: '1990-02-28',
      locale: 'pt-PT',
      consents: { emailMarketing: true },
      externalIds: { shopify: '77' },
      tags: ['vip'],
      programIds: [shop.programs[0]!.id],
    });
    expect(customer).toMatchObject({
      email: 'ana@example.com',
      birthday: '1990-02-28',
      consents: { emailMarketing: true },
      externalIds: { shopify: '77' },
      tags: ['vip'],
      mergedInto: null,
    });
    const cards = await api.get<{ data: { code: string }[] }>(`${CUSTOMERS}/${customer.id}/cards`);
    expect(cards.body.data).toMatchObject([{ programName: 'Stamps', balance: 0, aliases: [] }]);
    const sale = await api.record(shop.sale({ customer: { phone: '+351911111111' } }));
    expect(sale.customerId).toBe(customer.id);
  });

  test('cannot have a phone, e-mail or external id of another one', async () => {
    const taken = { phone: '+351922222222', email: 'taken@example.com', externalIds: { crm: '1' } };
    await add(taken);
    for (const [field, code] of [
      ['phone', 'phone-in-use'],
      ['email', 'email-in-use'],
      ['externalIds', 'external-id-in-use'],
    ] as const) {
      const reply = await send('POST', CUSTOMERS, { [field]: taken[field] });
      expect(refusal(reply)).toEqual([409, code]);
    }
  });

  test('changes field by field; null empties one', async () => {
    const { id } = await add({
      name: 'Rui',
      email: 'rui@example.com',
      consents: { profiling: true },
    });
    const reply = await send('PATCH', `${CUSTOMERS}/${id}`, {
      email: null,
      name: 'Rui Costa',
      consents: { emailMarketing: false },
    });
    expect(reply).toMatchObject({
      status: 200,
      body: {
        customer: {
          name: 'Rui Costa',
          email: null,
          consents: { profiling: true, emailMarketing: false },
        },
      },
    });
    expect((await find({ name: 'costa' })).data.map((c) => c.id)).toContain(id);
    expect((await find({ email: 'rui@example.com' })).data).toEqual([]);
  });

  test('is tagged once however often, and untagged', async () => {
    const { id } = await add({ name: 'Tag Me' });
    for (let i = 0; i < 2; i += 1) await send('PUT', `${CUSTOMERS}/${id}/tags/regular`);
    expect((await find({ tag: 'regular' })).data.map((c) => c.id)).toEqual([id]);
    const off = await send('DELETE', `${CUSTOMERS}/${id}/tags/regular`);
    expect(off.body.customer.tags).toEqual([]);
    expect((await find({ tag: 'regular' })).data).toEqual([]);
  });

  test('gets one card a program, however often it is opened', async () => {
    const { id } = await add({ name: 'Card Holder' });
    const open = (programId: string) =>
      api.post<{ card: { id: string; isNew: boolean } }>(
        `${CUSTOMERS}/${id}/cards`,
        { programId },
        key(),
      );
    const first = await open(shop.programs[1]!.id);
    const second = await open(shop.programs[1]!.id);
    expect([first.body.card.isNew, second.body.card.isNew]).toEqual([true, false]);
    expect(second.body.card.id).toBe(first.body.card.id);
    const unknown = await open('prg_01jd7x0mh8e2rta5p3v0c2k9qz');
    expect(refusal(unknown)).toEqual([422, 'unknown-program']);
  });
});

describe('a search', () => {
  test('finds any word of a name by its beginning, whatever its case and accents', async () => {
    await add({ name: 'Zoë Ångström-Ødegård' });
    for (const name of ['zoe', 'ZOË å', 'angstrom', 'odeg', 'ANGSTROM-O']) {
      expect(namesOf(await find({ name }))).toContain('Zoë Ångström-Ødegård');
    }
    expect(namesOf(await find({ name: 'oe' }))).toEqual([]);
  });

  test('finds by card code and external id', async () => {
    const { code, customerId } = shop.cards[0]!;
    expect((await find({ cardCode: code })).data.map((c) => c.id)).toEqual([customerId]);
    expect(namesOf(await find({ externalId: 'shopify:77' }))).toEqual(['Ana Sousa']);
  });

  test('pages in the order of names, each customer once', async () => {
    const names = ['Page Ana', 'Page Bea', 'Page Page', 'Pageant Cid', 'Page Dora'];
    for (const name of names) await add({ name });
    const seen: (string | null)[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const page: Page = await find({ name: 'page', limit: '2', ...(cursor && { cursor }) });
      seen.push(...namesOf(page));
      cursor = page.nextCursor;
    }
    expect(seen).toEqual(['Page Page', 'Page Ana', 'Page Bea', 'Page Dora', 'Pageant Cid']);
  });

  test('takes one filter at a time, and only cursors of its own', async () => {
    for (const query of ['name=a&tag=vip', 'cursor=forged', 'limit=101', 'phone=12']) {
      const reply = await api.get(`${CUSTOMERS}?${query}`);
      expect(refusal(reply)).toEqual([400, 'malformed-query']);
    }
  });
});

test('another business’s customer looks like none at all', async () => {
  const stranger = await openShop(stack.database.ownerUrl);
  const foreign = stranger.cards[0]!.customerId;
  const absent = 'cus_01jd7x0mh8e2rta5p3v0c2k9qz';
  const strip = ({ status, body }: { status: number; body: object }) => ({
    status,
    body: { ...body, requestId: null },
  });
  for (const path of ['', '/cards']) {
    const [a, b] = await Promise.all(
      [foreign, absent].map((id) => api.get<object>(`${CUSTOMERS}/${id}${path}`)),
    );
    expect(strip(a!)).toEqual(strip(b!));
    expect(a!.status).toBe(404);
  }
  expect((await find({ cardCode: stranger.cards[0]!.code })).data).toEqual([]);
  const refused = await send('PATCH', `${CUSTOMERS}/${foreign}`, { name: 'Mine now' });
  expect(refusal(refused)).toEqual([422, 'unknown-customer']);
});
