import { Client } from 'pg';
import type { RewardDefinitionView } from '../../edge/views/reward-definition.ts';
import { type SeededBusiness, seedBusiness } from '../../infra/local/seed-business.ts';
import { toUuid } from '../../infra/postgres/ids.ts';
import { checkBooks } from '../ledger-check.ts';
import { createPosClient, type Job, type PosClient, type ProblemBody } from '../pos-client.ts';
import { inZone } from './data.ts';
import {
  type Campaign,
  type CouponData,
  ends,
  type Redemption,
  readCoupons,
  readChanges,
  verdictOn,
} from './complete-journey-data.ts';
import { compare, type Report, type Row } from './report.ts';
import { settled } from './settled.ts';
import { inParallel, type ReplayContext } from './site.ts';

const NAME = 'complete-journey';
const ZONE = 'America/New_York';
const PROGRAM = 'Coupons';
const CONNECTIONS = 24;
const DEFINITIONS = '/v1/admin/reward-definitions';

type Setting = {
  readonly context: ReplayContext;
  readonly data: CouponData;
  readonly business: SeededBusiness;
  readonly client: PosClient;
  /** Ids of cards by household, and of definitions by campaign. */
  readonly cards: ReadonlyMap<string, string>;
  readonly definitions: ReadonlyMap<string, string>;
};

/**
 * Campaigns of a supermarket as rewards that customers claim with coupons: every redemption that
 * really happened is claimed and redeemed on its day; the same with one thing changed is accepted
 * where the rules say so and refused by the right code elsewhere.
 *
 * @param everyNth leaves out all households but those whose number it divides, for a quicker run
 */
export async function replayCompleteJourney(context: ReplayContext, everyNth = 1): Promise<Report> {
  const setting = await prepare(context, readCoupons(context.dataDir));
  const startedAtMs = Date.now();
  try {
    const chosen = ({ household }: Redemption) => Number(household) % everyNth === 0;
    const real = setting.data.redemptions.filter(chosen);
    const rows = await redeemAll(setting, real);
    let tries = real.length;
    for (const { name, redemptions, expected } of readChanges(context.dataDir, setting.data)) {
      const changed = redemptions.filter((redemption) => chosen(redemption.origin));
      tries += changed.length;
      const truth = everyNth === 1 ? expected : undefined;
      rows.push(...(await tryAll(setting, { name, redemptions: changed, truth })));
    }
    const books = await checkBooks(context.ownerUrl, setting.business.businessId);
    rows.push(compare('faults in the books', 'none', books.faults.join('; ') || 'none'));
    const seconds = (Date.now() - startedAtMs) / 1_000;
    return { name: NAME, sales: tries, seconds, rows };
  } finally {
    setting.client.close();
  }
}

async function prepare(context: ReplayContext, data: CouponData): Promise<Setting> {
  const business = await seedBusiness(context.ownerUrl, {
    name: NAME,
    currency: 'USD',
    zone: ZONE,
    acceptPastDays: 36_500,
    stores: [{ name: 'Supermarket', brand: 'Supermarket' }],
    programs: [
      {
        name: PROGRAM,
        brand: 'Supermarket',
        unit: 'point',
        definition: { rules: [{ kind: 'perSpend', amount: '1', everyMinor: 100 }] },
      },
    ],
    customers: data.households.map(() => ({ program: PROGRAM })),
  });
  await tagMembers(context.ownerUrl, business, data);
  const { edgeUrl } = context;
  const { apiKey } = business;
  const client = createPosClient({
    edgeUrl,
    apiKey,
    connections: CONNECTIONS,
    patienceMs: 180_000,
  });
  const cards = new Map(data.households.map((household, i) => [household, idOf(business, i)]));
  const definitions = new Map<string, string>();
  for (const campaign of data.campaigns) {
    definitions.set(campaign.campaign, await offer(client, business, data, campaign));
  }
  return { context, data, business, client, cards, definitions };
}

function idOf(business: SeededBusiness, i: number): string {
  const card = business.cards[i];
  if (!card) throw new Error(`no card ${i}`);
  return card.id;
}

const tagOf = (campaign: string) => `campaign-${campaign}`;

/** Who was sent a campaign's coupons has its tag. */
async function tagMembers(ownerUrl: string, business: SeededBusiness, data: CouponData) {
  const customers = new Map(data.households.map((h, i) => [h, business.cards[i]?.customerId]));
  const rows = data.members.flatMap(({ household, campaign }) => {
    const id = customers.get(household);
    return id ? [{ customer_id: toUuid(id), tag: tagOf(campaign) }] : [];
  });
  const client = new Client({ connectionString: ownerUrl });
  await client.connect();
  try {
    await client.query(
      `INSERT INTO customer.customer_tags (business_id, customer_id, tag)
       SELECT $1, customer_id, tag FROM json_to_recordset($2::json) AS r (customer_id uuid, tag text)`,
      [toUuid(business.businessId), JSON.stringify(rows)],
    );
  } finally {
    await client.end();
  }
}

/** A campaign as a reward on offer: its window, its households, its coupons. */
async function offer(
  client: PosClient,
  business: SeededBusiness,
  data: CouponData,
  campaign: Campaign,
): Promise<string> {
  const { campaign: number, start_date: from, end_date: to } = campaign;
  const created = await settled(client, 'POST', DEFINITIONS, {
    body: {
      programId: business.programs[0]?.id,
      name: `Campaign ${number}, ${campaign.type}`,
      cost: '0',
      benefit: { kind: 'custom', text: 'As the coupon says' },
      season: { from, to },
      customerTags: [tagOf(number)],
      couponCodes: data.couponsOf(number),
    },
    headers: { 'Idempotency-Key': `campaign-${number}` },
  });
  if (created.status !== 201) throw new Error(JSON.stringify(created.body));
  const { id } = created.body as RewardDefinitionView;
  const path = `${DEFINITIONS}/${id}/publish`;
  const headers = { 'If-Match': '"1"' };
  const published = await settled(client, 'POST', path, { headers });
  if (published.status >= 300) throw new Error(JSON.stringify(published.body));
  return id;
}

/** Claims and redeems what was really redeemed: all of it must go through. */
async function redeemAll(setting: Setting, redemptions: readonly Redemption[]): Promise<Row[]> {
  const tally = { claimed: 0, redeemed: 0 };
  const work = redemptions.map((redemption, i) => ({ redemption, key: `real-${i}` }));
  await inParallel(work, CONNECTIONS, async ({ redemption, key }) => {
    const claimed = await claim(setting, redemption, key);
    if (claimed.code !== undefined) return;
    tally.claimed += 1;
    const redeemed = await command(setting.client, `/v1/pos/rewards/${claimed.rewardCode}/redeem`, {
      key,
      body: { storeId: setting.business.storeIds[0], occurredAt: noonOf(redemption.date) },
    });
    if (redeemed.code === undefined) tally.redeemed += 1;
    const done = tally.redeemed;
    setting.context.onProgress({ kind: 'part', text: NAME, done, total: redemptions.length });
  });
  return [
    compare('real redemptions claimed', redemptions.length, tally.claimed),
    compare('real redemptions redeemed', redemptions.length, tally.redeemed),
  ];
}

/** Claims each of them: accepted or refused as the recorded campaigns, coupons and members say. */
async function tryAll(
  setting: Setting,
  {
    name,
    redemptions,
    truth,
  }: { name: string; redemptions: readonly Redemption[]; truth?: number | undefined },
): Promise<Row[]> {
  const tally: Record<string, number> = {};
  const expected: Record<string, number> = {};
  let unlike = 0;
  const work = redemptions.map((redemption, i) => ({ redemption, key: `${name}-${i}` }));
  await inParallel(work, CONNECTIONS, async ({ redemption, key }) => {
    const verdict = verdictOn(setting.data, redemption);
    const { code = 'claimed' } = await claim(setting, redemption, key);
    tally[code] = (tally[code] ?? 0) + 1;
    expected[verdict] = (expected[verdict] ?? 0) + 1;
    if (code !== verdict) unlike += 1;
  });
  const inWords = (counts: Record<string, number>) =>
    Object.keys(counts)
      .toSorted((a, b) => (a < b ? -1 : 1))
      .map((code) => `${counts[code]} ${code}`)
      .join(', ');
  return [
    ...(truth === undefined ? [] : [compare(`${name}: accepted`, truth, tally['claimed'] ?? 0)]),
    compare(`${name}: by answer`, inWords(expected), inWords(tally)),
    compare(`${name}: answered otherwise than the data says`, 0, unlike),
  ];
}

async function claim(setting: Setting, redemption: Redemption, key: string) {
  const card = setting.cards.get(redemption.household);
  const definitionId = setting.definitions.get(redemption.campaign);
  if (card === undefined) return { code: 'unknown-card' };
  if (definitionId === undefined) return { code: 'unknown-reward-definition' };
  return command(setting.client, `/v1/admin/cards/${card}/rewards`, {
    key,
    body: {
      definitionId,
      couponCode: redemption.coupon_upc,
      storeId: setting.business.storeIds[0],
      occurredAt: noonOf(redemption.date),
    },
  });
}

const noonOf = (date: string) => inZone(`${date} 12:00:00`, ZONE);

type Outcome = { code?: string; rewardCode?: string };

/** Sends a command and waits for its end, however long the queue is. */
async function command(
  client: PosClient,
  path: string,
  { key, body }: { key: string; body: object },
): Promise<Outcome> {
  const headers = { 'Idempotency-Key': key, Prefer: 'wait=10' };
  type Body = { job?: Job; reward?: { code: string } } & Partial<ProblemBody>;
  const answer = await client.request<Body>('POST', path, { body, headers });
  if (answer.status === 202 && answer.body.job) {
    const { problem, result } = await client.waitForJob(answer.body.job.id);
    const { reward } = (result ?? {}) as { reward?: { code: string } };
    return outcomeOf(problem?.type, reward?.code);
  }
  return outcomeOf(answer.body.type, answer.body.reward?.code);
}

function outcomeOf(problemType: string | undefined, rewardCode: string | undefined): Outcome {
  if (problemType !== undefined) return { code: ends(problemType) };
  return rewardCode === undefined ? { code: 'no-answer' } : { rewardCode };
}
