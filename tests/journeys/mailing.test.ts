/** From a sale to an inbox, through every process: once, in the right hands, and ended when told so. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { idSource } from '../../infra/ids/id-source.ts';
import { fromUuid, toUuid } from '../../infra/postgres/ids.ts';
import { createMailLinks } from '../../infra/sealing/mail-links.ts';
import { createSqs, type Sqs } from '../../infra/sqs/client.ts';
import { createDeadLetters, type DeadLetters } from '../../infra/sqs/dead-letters.ts';
import { CONFIRMATION_CODE } from '../../infra/local/cognito/cognito.ts';
import { PASSWORD, startTestCognito } from '../cognito.ts';
import { headerOf, type SentMail, startTestSes, type TestSes } from '../ses.ts';
import { startTestSns } from '../sns.ts';
import { startTestSqs, type TestSqs } from '../sqs.ts';
import { startTestStack, type TestStack } from '../stack.ts';
import { startTokenIssuer, type TokenIssuer } from '../token-issuer.ts';
import { until } from '../until.ts';
import { type Api, createApi, withKey } from './api.ts';
import { openShop, type Shop, STAMPS } from './shop.ts';

const EVERY_VISIT = {
  ...STAMPS,
  definition: {
    ...STAMPS.definition,
    autoReward: { ...STAMPS.definition.autoReward, cost: '1' },
  },
};

let issuer: TokenIssuer;
let ses: TestSes;
let sqs: TestSqs;
let sns: Awaited<ReturnType<typeof startTestSns>>;
let stack: TestStack;
let shop: Shop;
let api: Api;
let callSqs: Sqs;
let queues: DeadLetters;

beforeAll(async () => {
  [issuer, ses, sqs, sns] = await Promise.all([
    startTokenIssuer(),
    startTestSes(),
    startTestSqs(),
    startTestSns(),
  ]);
  stack = await startTestStack({
    processes: ['edge', 'worker', 'relay', 'functions'],
    env: {
      ...issuer.env,
      ...ses.env,
      ...sqs.env,
      ...sns.env,
      PUBLIC_FILES_URL: 'https://files.example',
    },
  });
  shop = await openShop(stack.database.ownerUrl, { programs: [EVERY_VISIT], customers: [] });
  api = createApi(stack.edgeUrl, shop.apiKey);
  callSqs = createSqs({ region: 'eu-west-1', endpoint: sqs.url, env: {} });
  const [email = '', feedback = ''] = ['EMAIL', 'FEEDBACK'].map(
    (name) => sqs.env[`${name}_QUEUE_URL`],
  );
  queues = createDeadLetters({ sqs: callSqs, queueUrls: { email, feedback } });
});

afterAll(async () => {
  await stack.stop();
  await Promise.all([ses.stopAndForget(), sqs.stopAndForget(), sns.stop(), issuer.stop()]);
});

const anAddress = () => `${randomUUID()}@cafe.example`;

/** A sale to whoever has the address, which mints a reward. */
const sell = (email: string) => api.record(shop.sale({ customer: { email } }));

/** Until all that has happened was told and worked on. */
async function settled(): Promise<void> {
  await until('all facts have left', async () => {
    const [outbox] = await stack.database.query<{ rows: number }>(
      'SELECT count(*)::int AS rows FROM loyalty.outbox',
    );
    const depths = await queues.depths();
    return outbox?.rows === 0 && depths.every((queue) => queue.waiting + queue.inFlight === 0);
  });
  expect((await queues.depths()).map(({ dead }) => dead)).toEqual([0, 0]);
}

async function subjectsTo(email: string): Promise<string[]> {
  return (await ses.mailsTo(email)).map(({ subject }) => subject).toSorted();
}

/** The same facts once more, as a relay that died after sending tells them. */
async function tellRewardsAgain(): Promise<void> {
  const rewards = await stack.database.query<
    Record<'event' | 'card' | 'customer' | 'reward', string>
  >(
    `SELECT m.event_id AS event, r.card_id AS card, c.customer_id AS customer, r.id AS reward
       FROM business.mails m
       JOIN loyalty.cards c ON c.business_id = m.business_id AND c.customer_id = m.recipient_id
       JOIN loyalty.issued_rewards r ON r.business_id = c.business_id AND r.card_id = c.id
      WHERE m.kind = 'reward'`,
  );
  expect(rewards.length).toBeGreaterThan(0);
  const events = rewards.map(({ event, card, customer, reward }) => ({
    id: fromUuid('evt', event),
    type: 'reward.issued',
    data: {
      cardId: fromUuid('crd', card),
      programId: shop.programs[0]!.id,
      customerId: fromUuid('cus', customer),
      sequence: 3,
      transactionId: idSource.id('txn'),
      rewardId: fromUuid('rwd', reward),
      definitionId: STAMPS.definition.autoReward.id,
      name: 'Free coffee',
      expiresAt: null,
    },
  }));
  await stack.database.query(
    'INSERT INTO loyalty.outbox (id, business_id, events) VALUES ($1, $2, $3)',
    [toUuid(idSource.id('txn')), toUuid(shop.businessId), JSON.stringify(events)],
  );
}

function unsubscribeLink(mail: SentMail | undefined): string {
  return /^<(.*)>$/.exec((mail && headerOf(mail, 'List-Unsubscribe')) ?? '')?.[1] ?? '';
}

test('a sale that enrols somebody and mints a reward brings a welcome and one mail of the reward, also when told twice', async () => {
  const email = anAddress();
  await sell(email);
  await settled();
  const once = ['Welcome to Café Central', 'Your reward is ready: Free coffee'];
  expect(await subjectsTo(email)).toEqual(once);
  await tellRewardsAgain();
  await settled();
  expect(await subjectsTo(email)).toEqual(once);
});

test('mail has its brand’s logo, from where anybody may fetch it', async () => {
  const logo = { large: { key: 'logos/1/512.png', width: 400, height: 88 } };
  await stack.database.query('UPDATE business.brands SET logo = $1', [logo]);
  const email = anAddress();
  await sell(email);
  await settled();
  await stack.database.query('UPDATE business.brands SET logo = NULL');
  for (const mail of await ses.mailsTo(email)) {
    const html = mail.body.html.replaceAll('&#x2F;', '/');
    expect(html).toMatch(/src="https:..files\.example.logos.1.512\.png"[^>]*width="200"/);
  }
});

test('who ends mail of a kind with one click gets no more of it, and may have it again', async () => {
  const email = anAddress();
  await sell(email);
  await settled();
  const mails = await ses.mailsTo(email);
  const link = unsubscribeLink(mails.find(({ subject }) => subject.includes('reward')));

  // Opening it, as programs do that look at links, ends nothing.
  const page = await fetch(link);
  expect([page.status, page.headers.get('content-type')]).toEqual([
    200,
    'text/html; charset=utf-8',
  ]);
  expect(await page.text()).toContain('You get a mail when a reward is ready.');
  await sell(email);
  await settled();
  expect(await subjectsTo(email)).toHaveLength(3);

  const click = { method: 'POST', body: new URLSearchParams({ 'List-Unsubscribe': 'One-Click' }) };
  expect((await fetch(link, click)).status).toBe(200);
  await until('it is noted', async () => (await consentsOf(email))['emailRewards'] === false);
  await sell(email);
  await settled();
  expect(await subjectsTo(email)).toHaveLength(3);

  const customer = await findCustomer(email);
  const allowed = await api.send('PATCH', `/v1/admin/customers/${customer.id}`, {
    json: { consents: { emailRewards: true } },
    headers: withKey(),
  });
  expect(allowed.status).toBe(200);
  await sell(email);
  await settled();
  expect(await subjectsTo(email)).toHaveLength(4);
});

test('staff see themselves, and have mail back that they ended by its link', async () => {
  const [id, subject] = [idSource.id('stf'), randomUUID()];
  await stack.database.query(
    `INSERT INTO business.staff (business_id, id, subject, name, role)
     VALUES ($1, $2, $3, 'Owner', 'owner')`,
    [toUuid(shop.businessId), toUuid(id), subject],
  );
  const reader = createApi(stack.edgeUrl, issuer.token(subject, { pool: 'staff' }));
  type Me = { staff: { id: string; role: string; mailRefusals: string[] } };
  const me = async () => (await reader.get<Me>('/v1/admin/me')).body.staff;
  expect(await me()).toMatchObject({ id, role: 'owner', mailRefusals: [] });

  const link = { businessId: shop.businessId, personId: id, kind: 'weekly-report' } as const;
  const token = createMailLinks(stack.contactSealingKey).make(link);
  const url = `${stack.edgeUrl}/v1/public/mail/unsubscribe/${token}`;
  expect((await fetch(url, { method: 'POST' })).status).toBe(200);
  await until('it is noted', async () => (await me()).mailRefusals[0] === 'weekly-report');

  const choose = (json: object) =>
    reader.send<Me>('PATCH', '/v1/admin/me', { json, headers: withKey() });
  const back = await choose({ mailRefusals: [] });
  expect(back).toMatchObject({ status: 200, body: { staff: { mailRefusals: [] } } });
  expect((await choose({ mailRefusals: ['welcome'] })).status).toBe(422);
  expect((await choose({ mailRefusals: [], role: 'owner' })).status).toBe(422);
});

test('an altered link ends nothing', async () => {
  const [mail] = await ses.mailsTo();
  const link = unsubscribeLink(mail);
  const altered = link.replace(
    /unsubscribe\/(.)/,
    (_, first) => `unsubscribe/${first === 'A' ? 'B' : 'A'}`,
  );
  for (const method of ['GET', 'POST']) expect((await fetch(altered, { method })).status).toBe(404);
});

test('an address that bounced is not written to again', async () => {
  const email = anAddress();
  await sell(email);
  await settled();
  const before = await subjectsTo(email);
  const bounce = {
    eventType: 'Bounce',
    mail: {},
    bounce: {
      bounceType: 'Permanent',
      bounceSubType: 'General',
      bouncedRecipients: [{ emailAddress: email }],
    },
  };
  await callSqs('SendMessageBatch', {
    QueueUrl: sqs.env['FEEDBACK_QUEUE_URL'],
    Entries: [{ Id: '0', MessageBody: sns.notificationOf(bounce) }],
  });
  await settled();
  await sell(email);
  await settled();
  expect(await subjectsTo(email)).toEqual(before);
});

test('who is put on the staff is sent an invitation with the link, and again when it went astray', async () => {
  const [wrong, email] = [anAddress(), anAddress()];
  const member = await api.post<{ id: string; revision: number }>(
    '/v1/admin/staff',
    { name: 'Ana', email: wrong, role: 'cashier' },
    withKey(),
  );
  expect(member.status).toBe(201);
  await settled();
  await api.send('PATCH', `/v1/admin/staff/${member.body.id}`, {
    json: { email },
    headers: { ...withKey(), 'If-Match': `"${member.body.revision}"` },
  });
  await settled();
  for (const address of [wrong, email]) {
    const [mail] = await ses.mailsTo(address);
    expect(mail?.subject).toBe('Café Central has invited you to Regulars');
    expect(mail?.body.text).toContain(
      `https://staff.regulars.example/invitation?business=${shop.businessId}`,
    );
    expect(headerOf(mail!, 'List-Unsubscribe')).toBeUndefined();
  }
});

test('who makes an account is sent a code in their language', async () => {
  const cognito = await startTestCognito({ sesEndpoint: ses.url });
  try {
    const edge = await stack.startEdge({ ...cognito.env });
    const email = anAddress();
    const anonymous = createApi(edge.url, undefined);
    const account = { email, password: PASSWORD, locale: 'pt-PT' };
    const answer = await anonymous.post('/v1/public/auth/register', account);
    expect(answer.status).toBe(202);
    await anonymous.post('/v1/public/auth/forgot-password', { email, locale: 'de' });
    const [mail] = await ses.mailsTo(email);
    expect(mail?.subject).toBe('O seu código: Regulars');
    expect(mail?.body.html).toMatch(new RegExp(`>\\s*${CONFIRMATION_CODE}\\s*<`));
  } finally {
    await cognito.stopAndForget();
  }
});

test('no address is in a log', async () => {
  const addresses = (await ses.mailsTo()).flatMap((mail) => mail.destination.to);
  await stack.stopProcesses();
  const logs = stack.logs();
  expect(addresses.length).toBeGreaterThan(5);
  for (const address of addresses) expect(logs).not.toContain(address);
});

async function findCustomer(email: string) {
  const [customer] = await stack.database.query<{ id: string; consents: Record<string, boolean> }>(
    'SELECT id, consents FROM customer.customers WHERE email = $1',
    [email],
  );
  return { id: fromUuid('cus', customer!.id), consents: customer!.consents };
}

const consentsOf = async (email: string) => (await findCustomer(email)).consents;
