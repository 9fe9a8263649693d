/** The function email, on a real database and a real mail server that delivers to nobody. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Pool } from 'pg';
import pino from 'pino';
import type { SendMail } from '../../../domain/mail/send-mail.ts';
import { NotSentError } from '../../../domain/mail/send-mail.ts';
import type { CustomerId } from '../../../domain/values/ids.ts';
import { MINUTE_MS } from '../../../domain/values/time.ts';
import { idSource } from '../../../infra/ids/id-source.ts';
import { toUuid } from '../../../infra/postgres/ids.ts';
import { createMailBooks } from '../../../infra/postgres/mail-books.ts';
import { inBusinesses } from '../../../infra/postgres/tenant.ts';
import { createAddressHash, createMailLinks } from '../../../infra/sealing/mail-links.ts';
import { createSes } from '../../../infra/ses/send-mail.ts';
import type { OutboxEvent } from '../../../queues/events/events.ts';
import { writeFactMessage } from '../../../queues/events/fact-message.ts';
import { createTestDatabase, createTestPool, type TestDatabase } from '../../../tests/database.ts';
import { openShop, type Shop } from '../../../tests/journeys/shop.ts';
import { headerOf, startTestSes, type TestSes } from '../../../tests/ses.ts';
import type { SqsHandler } from '../sqs-event.ts';
import { createEmailHandler } from './handler.ts';

const KEY = Buffer.alloc(32, 3).toString('base64');
const links = createMailLinks(KEY);
const hashAddress = createAddressHash(KEY);

let database: TestDatabase;
let pool: Pool;
let ses: TestSes;
let real: ReturnType<typeof createSes>;
let shop: Shop;
let clock = Date.now();

beforeAll(async () => {
  ses = await startTestSes();
  database = await createTestDatabase();
  pool = createTestPool(database.mailerUrl);
  real = createSes({ region: 'eu-west-1', endpoint: ses.url, from: 'hello@regulars.example' });
  shop = await openShop(database.ownerUrl, { customers: [] });
});

beforeEach(() => {
  clock = Date.now();
});

afterAll(async () => {
  real.close();
  await pool.end();
  await database.drop();
  await ses.stopAndForget();
});

function anEmailFunction(send: SendMail = real.send): SqsHandler {
  return createEmailHandler({
    books: createMailBooks(pool),
    send,
    hashAddress,
    unsubscribeUrl: (of) => `https://api.example/v1/public/mail/unsubscribe/${links.make(of)}`,
    apps: { customers: 'https://cards.example', staff: 'https://staff.example' },
    fileUrl: (key) => `https://files.example/${key}`,
    now: () => clock,
    inBusiness: (businessId, work) => inBusinesses([businessId], work),
    log: pino({ level: 'silent' }),
  });
}

async function aCustomer(over: {
  name?: string;
  locale?: string;
  consents?: object;
  email?: string | null;
}): Promise<{ id: CustomerId; email: string }> {
  const id = idSource.id('cus');
  const email = over.email === undefined ? `${id}@cafe.example` : over.email;
  await database.query(
    `INSERT INTO customer.customers (business_id, id, name, email, locale, consents)
     VALUES ($1, $2, $3, $4, $5, $6)`,
    [
      toUuid(shop.businessId),
      toUuid(id),
      over.name ?? null,
      email,
      over.locale ?? null,
      over.consents ?? {},
    ],
  );
  return { id, email: email ?? '' };
}

const enrolled = (customerId: CustomerId): OutboxEvent => ({
  id: idSource.id('evt'),
  type: 'customer.enrolled',
  data: { customerId, storeId: shop.storeIds[0]! },
});

const expiring = (customerId: CustomerId, expiresOn = '2099-12-06'): OutboxEvent => ({
  id: idSource.id('evt'),
  type: 'card.expiry_due',
  data: {
    cardId: idSource.id('crd'),
    programId: shop.programs[0]!.id,
    customerId,
    expiresOn,
    amount: 3,
    rewards: [{ rewardId: idSource.id('rwd'), name: 'Free coffee' }],
  },
});

const levelEvent = (
  customerId: CustomerId,
  event:
    | { type: 'tier.changed'; direction?: 'up' | 'down' }
    | { type: 'tier.downgrade_due'; missing: number | string; missingOf: 'earned' | 'spend' },
  until = '2099-12-31T23:59:59.999Z',
): OutboxEvent => {
  const programId = shop.programs[0]!.id;
  const card = { cardId: idSource.id('crd'), programId, customerId, sequence: 4 };
  const id = idSource.id('evt');
  if (event.type === 'tier.changed') {
    const { type, ...direction } = event;
    const since = '2026-11-22T08:41:07.000Z';
    return { id, type, data: { ...card, ...direction, from: null, to: 'Silver', since, until } };
  }
  const { type, ...missing } = event;
  const levels = { level: 'Silver', wouldBecome: null };
  return { id, type, data: { ...card, ...levels, ...missing, fallsAt: until } };
};

/** What comes again, by place. */
async function tell(handler: SqsHandler, ...events: readonly OutboxEvent[]): Promise<number[]> {
  const { batchItemFailures } = await handler({
    Records: events.map((event, i) => ({
      messageId: String(i),
      body: writeFactMessage({ businessId: shop.businessId, event }),
    })),
  });
  return batchItemFailures.map(({ itemIdentifier }) => Number(itemIdentifier));
}

async function recordOf(event: OutboxEvent) {
  const rows = await database.query<{ status: string; reason: string | null }>(
    'SELECT status, reason FROM business.mails WHERE event_id = $1',
    [toUuid(event.id as `evt_${string}`)],
  );
  return rows;
}

describe('a mail', () => {
  test.each([
    ['wide', { width: 512, height: 64 }, { width: 200, height: 25 }],
    ['square', { width: 512, height: 512 }, { width: 44, height: 44 }],
    ['small', { width: 30, height: 20 }, { width: 30, height: 20 }],
    ['as flat as a line', { width: 512, height: 1 }, { width: 200, height: 1 }],
  ])('shows its brand’s logo in a size that fits when that is %s', async (_, size, shown) => {
    const logo = { large: { key: 'logos/b/512.png', ...size }, small: {} };
    const guest = await aCustomer({});
    await database.query('UPDATE business.brands SET logo = $1', [logo]);
    await tell(anEmailFunction(), enrolled(guest.id));
    await database.query('UPDATE business.brands SET logo = NULL');
    const [mail] = await ses.mailsTo(guest.email);
    const [image = ''] = /<img[^>]*>/.exec(mail?.body.html.replaceAll('&#x2F;', '/') ?? '') ?? [];
    expect(image).toContain('src="https://files.example/logos/b/512.png"');
    expect(image).toContain('alt="Café Central"');
    expect(image).toContain(`width="${shown.width}"`);
    expect(image).toContain(`height="${shown.height}"`);
  });

  test('is in its reader’s language, from the brand, and says how to end such mails', async () => {
    const guest = await aCustomer({ name: 'Zoë Quick', locale: 'de-AT' });
    expect(await tell(anEmailFunction(), enrolled(guest.id))).toEqual([]);
    const [mail, ...others] = await ses.mailsTo(guest.email);
    expect(others).toEqual([]);
    expect(mail?.subject).toBe('Willkommen bei Café Central');
    expect(mail?.from).toBe(
      `=?UTF-8?B?${Buffer.from('Café Central').toString('base64')}?= <hello@regulars.example>`,
    );
    expect(mail?.body.html).toContain('<html lang="de-DE"');
    expect(mail?.body.text).toContain('Guten Tag Zoë Quick,');
    const [, url = ''] = /^<(.*)>$/.exec(headerOf(mail!, 'List-Unsubscribe') ?? '') ?? [];
    expect(links.read(url.split('/').at(-1) ?? '')).toEqual({
      businessId: shop.businessId,
      personId: guest.id,
      kind: 'welcome',
    });
    expect(headerOf(mail!, 'List-Unsubscribe-Post')).toBe('List-Unsubscribe=One-Click');
    expect(mail?.body.text).toContain(url);
  });

  test('shows what people typed in as text, in HTML too, and none of it breaks a line', async () => {
    const guest = await aCustomer({ name: '<img src=x onerror=alert(1)>\r\nBcc: a@b.example' });
    await tell(anEmailFunction(), enrolled(guest.id));
    const [mail] = await ses.mailsTo(guest.email);
    expect(mail?.body.html).not.toContain('<img');
    expect(mail?.body.html).toContain('&lt;img src&#x3D;x onerror&#x3D;alert(1)&gt; Bcc');
    expect(mail?.body.text).toContain('<img src=x onerror=alert(1)> Bcc: a@b.example,');
  });

  test('loads nothing from elsewhere: nobody learns that it was read', async () => {
    const guest = await aCustomer({});
    await tell(anEmailFunction(), expiring(guest.id));
    const [mail] = await ses.mailsTo(guest.email);
    expect(mail?.body.html).not.toMatch(/<(img|script|link|iframe)\b|@import|url\(/);
    expect(mail?.subject).toBe('Use it by 6 December 2099: 3 stamps and Free coffee');
  });
});

describe('a level', () => {
  test('that was reached is told of, and one that was lost or put right is not', async () => {
    const guest = await aCustomer({});
    const changes = (['up', 'down', undefined] as const).map((direction) =>
      levelEvent(guest.id, { type: 'tier.changed', ...(direction && { direction }) }),
    );
    expect(await tell(anEmailFunction(), ...changes)).toEqual([]);
    const mails = await ses.mailsTo(guest.email);
    expect(mails.map(({ subject }) => subject)).toEqual(['You have reached Silver']);
    expect(mails[0]?.body.text).toContain('Yours at least until 31 December 2099');
    expect(mails[0]?.body.text).toContain('No more mail about levels');
  });

  test.each([
    ['spend', 2_450, 'Keep Silver: €24.50 to go by 31 December 2099'],
    ['earned', 1, 'Keep Silver: 1 stamp to go by 31 December 2099'],
    ['earned', '1250.5', 'Keep Silver: 1,250.5 stamps to go by 31 December 2099'],
  ] as const)(
    'in danger is told of with what is missing: %s %s',
    async (missingOf, missing, subject) => {
      const guest = await aCustomer({});
      const event = levelEvent(guest.id, { type: 'tier.downgrade_due', missing, missingOf });
      await tell(anEmailFunction(), event);
      expect((await ses.mailsTo(guest.email)).map((mail) => mail.subject)).toEqual([subject]);
    },
  );

  test('that has ended by now is no news', async () => {
    const guest = await aCustomer({});
    const ended = '2026-01-01T00:00:00.000Z';
    await tell(
      anEmailFunction(),
      levelEvent(guest.id, { type: 'tier.changed', direction: 'up' }, ended),
      levelEvent(guest.id, { type: 'tier.downgrade_due', missing: 1, missingOf: 'spend' }, ended),
    );
    expect(await ses.mailsTo(guest.email)).toEqual([]);
  });
});

test('owners are told of their week, with a link to its report where there is one', async () => {
  const email = `${idSource.id('stf')}@cafe.example`;
  const business = toUuid(shop.businessId);
  await database.query(
    `INSERT INTO business.staff (business_id, id, subject, name, email, role)
     VALUES ($1, $2, gen_random_uuid(), 'Olga', $3, 'owner')`,
    [business, toUuid(idSource.id('stf')), email],
  );
  const figures = { customers: 3, newCustomers: 1, rewardsIssued: 2, rewardsRedeemed: 0 };
  const week = { ...figures, sales: 4, revenue: [{ amount: 1_250, currency: 'EUR' }] };
  const reported = (): OutboxEvent => ({
    id: idSource.id('evt'),
    type: 'week.reported',
    data: { from: '2099-11-16', to: '2099-11-22', figures: week, weekBefore: week },
  });
  const reportId = idSource.id('job');
  const told = async () => {
    await tell(anEmailFunction(), reported());
    return (await ses.mailsTo(email)).map(({ body }) => /https:..staff\.\S+/.exec(body.text)?.[0]);
  };
  const page = (name: string) => `https://staff.example/${name}?business=${shop.businessId}`;
  expect(await told()).toEqual([page('reports')]);
  await database.query(
    `INSERT INTO business.reports
     VALUES ($1, $2, 'system:schedule', '2099-11-16', '2099-11-22', NULL, 'EUR', '2099-11-16', now(), now(), '[]')`,
    [business, toUuid(reportId)],
  );
  expect(new Set(await told())).toEqual(new Set([page('reports'), page(`reports/${reportId}`)]));
});

describe('nobody is written to', () => {
  test.each([
    ['who refused such mail', { consents: { emailWelcome: false } }, 'refused'],
    ['who left no address', { email: null }, 'no-address'],
  ])('%s', async (_, over, reason) => {
    const guest = await aCustomer(over);
    const event = enrolled(guest.id);
    expect(await tell(anEmailFunction(), event)).toEqual([]);
    expect(await recordOf(event)).toEqual([{ status: 'skipped', reason }]);
  });

  test('about what has ended by now', async () => {
    const guest = await aCustomer({});
    const event = expiring(guest.id, '2020-12-06');
    await tell(anEmailFunction(), event);
    expect(await recordOf(event)).toEqual([{ status: 'skipped', reason: 'out-of-date' }]);
  });

  test('at an address where mail bounced, whoever’s it is', async () => {
    const email = 'gone@cafe.example';
    await createMailBooks(pool).noteUnreachable(hashAddress('Gone@cafe.example'), 'bounced');
    const event = enrolled((await aCustomer({ email })).id);
    await tell(anEmailFunction(), event);
    expect(await recordOf(event)).toEqual([{ status: 'skipped', reason: 'unreachable' }]);
  });

  test('who was erased, and who was merged is written to as whoever carries on for them', async () => {
    const [gone, old, survivor] = [await aCustomer({}), await aCustomer({}), await aCustomer({})];
    await database.query('UPDATE customer.customers SET erased_at = now() WHERE id = $1', [
      toUuid(gone.id),
    ]);
    await database.query('UPDATE customer.customers SET merged_into = $2 WHERE id = $1', [
      toUuid(old.id),
      toUuid(survivor.id),
    ]);
    const events = [enrolled(gone.id), enrolled(old.id)];
    await tell(anEmailFunction(), ...events);
    expect(await recordOf(events[0]!)).toEqual([{ status: 'skipped', reason: 'nobody' }]);
    expect(await ses.mailsTo(survivor.email)).toHaveLength(1);
  });
});

describe('an event told twice', () => {
  test('brings one mail, however many are told of it at once', async () => {
    const guest = await aCustomer({});
    const event = enrolled(guest.id);
    const handlers = Array.from({ length: 5 }, () => anEmailFunction());
    await Promise.all(handlers.map((handler) => tell(handler, event, event)));
    expect(await tell(anEmailFunction(), event)).toEqual([]);
    expect(await ses.mailsTo(guest.email)).toHaveLength(1);
  });

  test('after a death before sending brings it, once nothing was heard of it for two minutes', async () => {
    const guest = await aCustomer({});
    const event = enrolled(guest.id);
    const dies: SendMail = () => Promise.reject(new Error('the process was killed'));
    expect(await tell(anEmailFunction(dies), event)).toEqual([0]);
    clock += 2 * MINUTE_MS;
    expect(await tell(anEmailFunction(), event)).toEqual([0]);
    expect(await ses.mailsTo(guest.email)).toHaveLength(0);
    clock += 1;
    expect(await tell(anEmailFunction(), event)).toEqual([]);
    expect(await ses.mailsTo(guest.email)).toHaveLength(1);
  });

  test('after a death between sending and noting it brings no second, for SES has told of the first', async () => {
    const guest = await aCustomer({});
    const event = enrolled(guest.id);
    const dies: SendMail = async (mail) => {
      await real.send(mail);
      throw new Error('the process was killed');
    };
    expect(await tell(anEmailFunction(dies), event)).toEqual([0]);
    const mail = { businessId: shop.businessId, eventId: event.id as `evt_${string}` };
    await inBusinesses([shop.businessId], () =>
      createMailBooks(pool).end({ ...mail, recipientId: guest.id }, { status: 'sent', at: clock }),
    );
    clock += 10 * MINUTE_MS;
    expect(await tell(anEmailFunction(), event)).toEqual([]);
    expect(await ses.mailsTo(guest.email)).toHaveLength(1);
  });

  test('after SES refused it is tried again at once', async () => {
    const guest = await aCustomer({});
    const event = enrolled(guest.id);
    const busy: SendMail = () => Promise.reject(new NotSentError('slow down'));
    expect(await tell(anEmailFunction(busy), event)).toEqual([0]);
    expect(await tell(anEmailFunction(), event)).toEqual([]);
    expect(await ses.mailsTo(guest.email)).toHaveLength(1);
  });
});

test('a message that nobody can read fails alone, and one of no interest is done', async () => {
  const guest = await aCustomer({});
  const ofNoInterest: OutboxEvent = {
    id: idSource.id('evt'),
    type: 'program.published',
    data: { programId: shop.programs[0]!.id, version: 2, from: new Date().toISOString() },
  };
  const readable = [enrolled(guest.id), ofNoInterest].map((event, i) => ({
    messageId: String(i),
    body: writeFactMessage({ businessId: shop.businessId, event }),
  }));
  const { batchItemFailures } = await anEmailFunction()({
    Records: [{ messageId: 'poison', body: '{"businessId":"biz_x"}' }, ...readable],
  });
  expect(batchItemFailures).toEqual([{ itemIdentifier: 'poison' }]);
  expect(await ses.mailsTo(guest.email)).toHaveLength(1);
});

test('the role that mails sees no phones, books or keys, and no other business’s people', async () => {
  for (const what of [
    'phone FROM customer.customers',
    '* FROM loyalty.cards',
    '* FROM business.api_keys',
  ]) {
    await expect(
      inBusinesses([shop.businessId], () => pool.query(`SELECT ${what}`)),
    ).rejects.toMatchObject({ code: '42501' });
  }
  const other = await openShop(database.ownerUrl, { customers: [] });
  const guest = await aCustomer({});
  const books = createMailBooks(pool);
  await inBusinesses([other.businessId], async () => {
    expect(await books.findCustomer(shop.businessId, guest.id)).toBeUndefined();
  });
});
