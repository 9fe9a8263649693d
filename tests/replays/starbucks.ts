import { type SeededBusiness, seedBusiness } from '../../infra/local/seed-business.ts';
import { checkBooks } from '../ledger-check.ts';
import { createPosClient, type PosClient, type Sale } from '../pos-client.ts';
import { compare, compareCounted, type Report, type Row } from './report.ts';
import { inParallel, readCards, type ReplayContext, waitForJobs } from './site.ts';
import {
  type CompletionRow,
  completionsOf,
  drawOf,
  type Log,
  type LogEvent,
  readLog,
  readScenario,
} from './starbucks-data.ts';

/** Hour 0 of the log. */
const START_MS = Date.parse('2025-01-01T00:00:00Z');
const HOUR_MS = 3_600_000;
const REFUNDED_AT = '2025-03-01T00:00:00Z';
const CENTS = 100;
const EVENTS_PER_SLICE = 2_000;
const SALES_PER_POST = 250;
const RECEIVERS_PER_POST = 500;
const POSTS_AT_ONCE = 8;
const READS_AT_ONCE = 24;

type Scenario = {
  readonly name: string;
  /** The log as it arrives. */
  readonly arrival: (events: readonly LogEvent[]) => readonly LogEvent[];
  /** Sales that are refunded in full when all has been told. */
  readonly isRefunded?: (sale: LogEvent) => boolean;
  /** What the whole log must come to, by the data's own count. */
  readonly counted: (dataDir: string) => { completions: number; dollars: number };
};

type Setting = {
  readonly context: ReplayContext;
  readonly name: string;
  readonly log: Log;
  readonly business: SeededBusiness;
  readonly client: PosClient;
  /** Our offers by the log's. */
  readonly offerIds: ReadonlyMap<string, string>;
  readonly customerIds: ReadonlyMap<string, `cus_${string}`>;
};

/** The log as it was: the very receivings are completed, by the very purchases. */
export function replayStarbucks(context: ReplayContext, everyNth = 1): Promise<Report> {
  return replay(context, everyNth, {
    name: 'starbucks',
    arrival: (events) => events,
    counted: (dataDir) => inRule(dataDir, 'rule', 'predicted'),
  });
}

/** Every receiving and every purchase is told twice, the second time in other company. */
export function replayStarbucksTwice(context: ReplayContext, everyNth = 1): Promise<Report> {
  return replay(context, everyNth, {
    name: 'starbucks-twice',
    arrival: (events) => {
      const late = Math.floor(EVENTS_PER_SLICE / 3);
      return [...events.keys(), ...Array.from({ length: late }, (_, i) => events.length + i)]
        .flatMap((i) => [events[i], events[i - late]])
        .filter((event) => event !== undefined);
    },
    counted: (dataDir) => inRule(dataDir, 'duplicates', 'expected_completions_with_dedup_by_seq'),
  });
}

/** Up to two days late, receivings as well as purchases. */
export function replayStarbucksLate(context: ReplayContext, everyNth = 1): Promise<Report> {
  const arrivalHour = ({ seq, hour }: LogEvent) => hour + (drawOf(`late:${seq}`) % 49);
  return replay(context, everyNth, {
    name: 'starbucks-late',
    arrival: (events) =>
      events
        .map((event) => ({ event, at: arrivalHour(event) }))
        .sort((a, b) => a.at - b.at || Number(a.event.seq) - Number(b.event.seq))
        .map(({ event }) => event),
    counted: (dataDir) => inRule(dataDir, 'out_of_order', 'expected_completions'),
  });
}

/** Every twentieth purchase is refunded: completions as if it had never been. */
export function replayStarbucksRefunds(context: ReplayContext, everyNth = 1): Promise<Report> {
  return replay(context, everyNth, {
    name: 'starbucks-refunds',
    arrival: (events) => events,
    isRefunded: ({ seq }) => drawOf(`refund:${seq}`) % 20 === 0,
    counted: (dataDir) => {
      const figures = readScenario(dataDir, 'refunds');
      return {
        completions: figures['completions_as_if_refunded_purchases_never_happened'] ?? Number.NaN,
        dollars: figures['reward_dollars_as_if_never'] ?? Number.NaN,
      };
    },
  });
}

/** A scenario's count of completions; what they gave is the rule's own. */
function inRule(dataDir: string, scenario: string, field: string) {
  return {
    completions: readScenario(dataDir, scenario)[field] ?? Number.NaN,
    dollars: readScenario(dataDir, 'rule')['reward_dollars'] ?? Number.NaN,
  };
}

async function replay(
  context: ReplayContext,
  everyNth: number,
  scenario: Scenario,
): Promise<Report> {
  const log = readLog(context.dataDir, everyNth);
  const setting = await prepare(context, scenario.name, log);
  const startedAtMs = Date.now();
  try {
    const refunded = new Set(
      log.events.filter((e) => e.kind === 'bought' && scenario.isRefunded?.(e)).map((e) => e.seq),
    );
    const refused =
      (await tell(setting, scenario.arrival(log.events))) + (await refund(setting, refunded));
    const seconds = (Date.now() - startedAtMs) / 1_000;
    const rows = [
      compare('refused at the door', 0, refused),
      ...(await check(setting, {
        completions:
          refunded.size === 0
            ? log.completions
            : completionsOf({ ...log, events: log.events.filter((e) => !refunded.has(e.seq)) }),
        counted: everyNth === 1 ? scenario.counted(context.dataDir) : undefined,
      })),
    ];
    return { name: scenario.name, sales: log.events.length, seconds, rows };
  } finally {
    setting.client.close();
  }
}

async function prepare(context: ReplayContext, name: string, log: Log): Promise<Setting> {
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
        definition: { rules: [{ kind: 'perItem', amount: '1', skus: ['none'] }] },
      },
    ],
    customers: log.customers.map(() => ({ program })),
  });
  const { edgeUrl } = context;
  const { apiKey } = business;
  const client = createPosClient({ edgeUrl, apiKey, connections: 50, patienceMs: 180_000 });
  const offerIds = new Map<string, string>();
  for (const offer of log.offers) {
    const answer = await client.request<{ id: string }>('POST', '/v1/admin/offers', {
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
    offerIds.set(offer.offer, answer.body.id);
  }
  const customerIds = new Map(
    log.customers.map((customer, i) => [customer, business.cards[i]?.customerId ?? 'cus_']),
  );
  return { context, name, log, business, client, offerIds, customerIds };
}

/** Posts events about in the order given, many posts at once, and waits until all have ended. */
async function tell(setting: Setting, events: readonly LogEvent[]): Promise<number> {
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

/** Refunds sales in full. @returns how many were refused */
async function refund(setting: Setting, seqs: ReadonlySet<string>): Promise<number> {
  const { client, context, name } = setting;
  let refused = 0;
  let done = 0;
  await inParallel([...seqs], READS_AT_ONCE, async (seq) => {
    const answer = await client.request('POST', `/v1/pos/transactions/externalId:${seq}/refunds`, {
      headers: { Prefer: 'wait=10' },
      body: { externalId: `refund ${seq}`, occurredAt: REFUNDED_AT, full: true },
    });
    if (answer.status !== 201) refused += 1;
    done += 1;
    context.onProgress({ kind: 'part', text: `${name}, refunded`, done, total: seqs.size });
  });
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
  const [storeId = 'sto_'] = setting.business.storeIds;
  return slice
    .filter(({ kind }) => kind === 'bought')
    .map(({ seq, customer, hour, amountCents }) => ({
      externalId: seq,
      storeId,
      occurredAt: new Date(START_MS + hour * HOUR_MS).toISOString(),
      customer: { customerId: setting.customerIds.get(customer) ?? 'cus_' },
      currency: 'USD',
      total: amountCents,
    }));
}

/** What the API answers of every customer's offers, against what the rule makes of the log. */
async function check(
  setting: Setting,
  expected: {
    completions: readonly CompletionRow[];
    /** Undefined for a part of the log. */
    counted: { completions: number; dollars: number } | undefined;
  },
): Promise<Row[]> {
  const { context, business, log } = setting;
  const received = log.events.filter(({ kind }) => kind === 'received').length;
  const given = await readOffers(setting);
  const completed = given.flatMap(({ customer, offer }) =>
    offer.completedBy === null ? [] : toLine(setting, customer, offer, offer.completedBy),
  );
  const dollars = await dollarsGiven(setting);
  const books = await checkBooks(context.ownerUrl, business.businessId);
  const { completions, counted } = expected;
  const rewards = new Map(log.offers.map((row) => [row.offer, Number(row.reward_dollars)]));
  const due = completions.reduce((sum, { offer }) => sum + (rewards.get(offer) ?? 0), 0);
  return [
    compare('offers received', received, given.length),
    compareCounted('completions, by receiving and purchase', completions.map(lineOf), completed),
    compare('dollars given', due, dollars),
    ...(counted
      ? [
          compare('completions, as counted by others', counted.completions, completed.length),
          compare('dollars, as counted by others', counted.dollars, dollars),
        ]
      : []),
    compare('faults in the books', 'none', books.faults.join('; ') || 'none'),
  ];
}

async function dollarsGiven({ context, business }: Setting): Promise<number> {
  const cards = await readCards(context.ownerUrl, business.businessId);
  return [...cards.values()].reduce((sum, { balance }) => sum + balance, 0) / CENTS;
}

type GivenOffer = {
  readonly offerId: string;
  readonly opensAt: string;
  readonly completedAt: string | null;
  readonly completedBy: { readonly externalId: string } | null;
};

async function readOffers({ client, customerIds, context, name }: Setting) {
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

function toLine(
  { offerIds }: Setting,
  customer: string,
  { offerId, opensAt, completedAt }: GivenOffer,
  { externalId }: { externalId: string },
): string {
  const offer = [...offerIds].find(([, id]) => id === offerId)?.[0] ?? '';
  const hour = (at: string | null) => String((Date.parse(at ?? '') - START_MS) / HOUR_MS);
  return lineOf({
    customer,
    offer,
    received_hour: hour(opensAt),
    completed_hour: hour(completedAt),
    transaction_seq: externalId,
  });
}

function lineOf(row: CompletionRow): string {
  return [row.customer, row.offer, row.received_hour, row.completed_hour, row.transaction_seq].join(
    ',',
  );
}

function inSlices<Item>(items: readonly Item[], size: number): Item[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, i) =>
    items.slice(i * size, (i + 1) * size),
  );
}
