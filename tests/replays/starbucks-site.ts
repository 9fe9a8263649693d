import { type SeededBusiness, seedBusiness } from '../../infra/local/seed-business.ts';
import { createPosClient, type PosClient, type Sale } from '../pos-client.ts';
import { settled } from './settled.ts';
import { inParallel, type ReplayContext, waitForJobs } from './site.ts';
import type { Log, LogEvent } from './starbucks-data.ts';

/** Hour 0 of the log. */
export const START_MS = Date.parse('2025-01-01T00:00:00Z');
export const HOUR_MS = 3_600_000;
export const CENTS = 100;
export const EVENTS_PER_SLICE = 2_000;
const SALES_PER_POST = 250;
const RECEIVERS_PER_POST = 500;
const POSTS_AT_ONCE = 8;
export const READS_AT_ONCE = 24;

/** A business whose offers are the log's. */
export type Setting = {
  readonly context: ReplayContext;
  readonly name: string;
  readonly log: Log;
  readonly business: SeededBusiness;
  readonly client: PosClient;
  /** Our offers by the log's. */
  readonly offerIds: ReadonlyMap<string, string>;
  readonly customerIds: ReadonlyMap<string, `cus_${string}`>;
};

/** Sets up the business, its customers and its offers. @param definition more of the program's version */
export async function prepare(
  context: ReplayContext,
  name: string,
  log: Log,
  definition: object = {},
): Promise<Setting> {
  const program = 'Rewards';
  const business = await seedBusiness(context.ownerUrl, {
    name,
    currency: 'USD',
    zone: 'America/Los_Angeles',
    acceptPastDays: 36_500,
    stores: [{ name: 'Mobile app', brand: 'Coffee' }],
    programs: [
      {
        name: program,
        brand: 'Coffee',
        unit: 'point',
        // Only offers give: no sale of the log has lines.
        definition: { rules: [{ kind: 'perItem', amount: '1', skus: ['none'] }], ...definition },
      },
    ],
    customers: log.customers.map(() => ({ program })),
  });
  const { edgeUrl } = context;
  const { apiKey } = business;
  const client = createPosClient({ edgeUrl, apiKey, connections: 50, patienceMs: 180_000 });
  const offerIds = new Map<string, string>();
  for (const offer of log.offers) {
    const answer = await settled(client, 'POST', '/v1/admin/offers', {
      headers: { 'Idempotency-Key': `offer ${offer.offer}`, Prefer: 'wait=10' },
      body: {
        programId: business.programs[0]?.id,
        name: `${offer.type} ${offer.offer}`,
        kind: offer.type === 'bogo' ? 'single' : 'accumulate',
        thresholdMinor: Number(offer.difficulty_dollars) * CENTS,
        windowHours: Number(offer.duration_hours),
        // A point is worth a cent.
        benefit: { kind: 'balance', amount: String(Number(offer.reward_dollars) * CENTS) },
      },
    });
    offerIds.set(offer.offer, (answer.body as { id: string }).id);
  }
  const customerIds = new Map(
    log.customers.map((customer, i) => [customer, business.cards[i]?.customerId ?? 'cus_']),
  );
  return { context, name, log, business, client, offerIds, customerIds };
}

/** Posts events about in the order given, many posts at once, and waits until all have ended. */
export async function tell(setting: Setting, events: readonly LogEvent[]): Promise<number> {
  const { context, client, business, name } = setting;
  const posts = inSlices(events, EVENTS_PER_SLICE).flatMap((slice, i) => [
    ...givesOf(setting, slice, i),
    ...inSlices(salesOf(setting, slice), SALES_PER_POST).map((sales) => ({ sales })),
  ]);
  let refused = 0;
  let done = 0;
  let gives = 0;
  await inParallel(posts, POSTS_AT_ONCE, async (post) => {
    if ('sales' in post) {
      const entries = await client.postBatch(post.sales);
      refused += entries.filter(({ job }) => !job).length;
      done += entries.length;
    } else {
      const { status } = await client.request('POST', post.path, {
        headers: { 'Idempotency-Key': post.key, Prefer: 'wait=0' },
        body: { receivers: post.receivers },
      });
      if (status !== 202) refused += post.receivers.length;
      gives += 1;
      done += post.receivers.length;
    }
    context.onProgress({ kind: 'part', text: `${name}, posted`, done, total: events.length });
  });
  const sales = new Set(events.flatMap(({ kind, seq }) => (kind === 'bought' ? seq : [])));
  const count = setting.offerIds.size + gives + sales.size;
  const { businessId } = business;
  await waitForJobs(context, { businessId, count, text: `${name}, judged` });
  return refused;
}

function givesOf(setting: Setting, slice: readonly LogEvent[], index: number) {
  const byOffer = Map.groupBy(
    slice.filter(({ kind }) => kind === 'received'),
    ({ offer }) => offer,
  );
  return [...byOffer].flatMap(([offer, received]) =>
    inSlices(received, RECEIVERS_PER_POST).map((some, part) => ({
      path: `/v1/admin/offers/${setting.offerIds.get(offer)}/instances/batch`,
      key: `slice ${index} offer ${offer} part ${part}`,
      receivers: some.map(({ seq, customer, hour }) => ({
        customerId: setting.customerIds.get(customer),
        receivedAt: new Date(START_MS + hour * HOUR_MS).toISOString(),
        externalId: seq,
      })),
    })),
  );
}

function salesOf(setting: Setting, slice: readonly LogEvent[]): Sale[] {
  return slice.filter(({ kind }) => kind === 'bought').map((event) => toSale(setting, event));
}

/** A purchase of the log as a till posts it. */
export function toSale(setting: Setting, event: LogEvent): Sale {
  const [storeId = 'sto_'] = setting.business.storeIds;
  const { seq, customer, hour, amountCents } = event;
  return {
    externalId: seq,
    storeId,
    occurredAt: new Date(START_MS + hour * HOUR_MS).toISOString(),
    customer: { customerId: setting.customerIds.get(customer) ?? 'cus_' },
    currency: 'USD',
    total: amountCents,
  };
}

export type GivenOffer = {
  readonly offerId: string;
  readonly opensAt: string;
  readonly completedAt: string | null;
  readonly completedBy: { readonly externalId: string } | null;
};

/** What the API answers of every customer's offers. */
export async function readOffers({ client, customerIds, context, name }: Setting) {
  const given: { customer: string; offer: GivenOffer }[] = [];
  let read = 0;
  await inParallel([...customerIds], READS_AT_ONCE, async ([customer, id]) => {
    for (let cursor: string | null = ''; cursor !== null;) {
      const page: string = `limit=100${cursor && `&cursor=${cursor}`}`;
      const answer = await client.request<{ data: GivenOffer[]; nextCursor: string | null }>(
        'GET',
        `/v1/admin/customers/${id}/offers?${page}`,
      );
      given.push(...answer.body.data.map((offer) => ({ customer, offer })));
      cursor = answer.body.nextCursor;
    }
    read += 1;
    const total = customerIds.size;
    context.onProgress({ kind: 'part', text: `${name}, read`, done: read, total });
  });
  return given;
}

function inSlices<Item>(items: readonly Item[], size: number): Item[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, i) =>
    items.slice(i * size, (i + 1) * size),
  );
}
