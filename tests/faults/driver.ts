/**
 * Load with a journal, and the check of what it left: the client's side of every fault test. It
 * knows nothing of faults; whoever runs it breaks things meanwhile.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { Client } from 'pg';
import { seedBusiness, type SeededBusiness } from '../../infra/local/seed-business.ts';
import { toUuid } from '../../infra/postgres/ids.ts';
import { STAMPS } from '../journeys/shop.ts';
import { checkBooks } from '../ledger-check.ts';
import { createPosClient, type Job, type PosClient, type Sale } from '../pos-client.ts';
import { until } from '../until.ts';

export type LoadOptions = {
  readonly edgeUrl: string;
  readonly businesses: readonly SeededBusiness[];
  readonly postsPerSecond: number;
  readonly seconds: number;
  /** Share of posts that repeat an earlier sale, word for word. */
  readonly duplicates: number;
  /** The same seed posts the same sales in the same order. */
  readonly seed: number;
  /** How long a till goes on sending a sale that was not answered 202; default 2 min. */
  readonly patienceMs?: number;
  /**
   * Connections of each business's tills; default 2,000, so many that no request waits for one, which
   * would count as the edge's time.
   */
  readonly connections?: number;
};

/** One request and its answer; status 0 when the connection broke. */
export type Attempt = {
  readonly sentAtMs: number;
  readonly tookMs: number;
  readonly status: number;
};

/** One post, with every try it took. */
export type Post = {
  readonly business: SeededBusiness;
  readonly sale: Sale;
  readonly attempts: Attempt[];
  /** Undefined when it never got its 202. */
  jobId: string | undefined;
};

export type Load = {
  /** Grows while the load runs. */
  readonly journal: readonly Post[];
  /** Settles when every post has its 202 or its till has given up. */
  readonly done: Promise<void>;
};

/** What must hold after a fault; all lists are empty then. */
export type Verdict = {
  /** 202s without a terminal state. */
  readonly unfinished: readonly string[];
  readonly failed: readonly string[];
  /** Sales that are not exactly one transaction although they got a 202. */
  readonly notOnce: readonly string[];
  /** Posts of one sale that were given different jobs. */
  readonly torn: readonly string[];
  /** Cards that were not given one stamp for each of their sales. */
  readonly wrongCards: readonly string[];
  /** What tests/ledger-check.ts finds. */
  readonly books: readonly string[];
  /** Rows that point to what their own business does not have. */
  readonly foreign: readonly string[];
  /** Outbox rows that never left. */
  readonly unpublished: number;
};

/** Businesses with a stamp a visit, a reward at ten, and some customers each. */
export function seedBusinesses(
  ownerUrl: string,
  options: { readonly count: number; readonly customersEach: number },
): Promise<SeededBusiness[]> {
  const program = { ...STAMPS, brand: 'Chain' };
  return Promise.all(
    Array.from({ length: options.count }, (_, i) =>
      seedBusiness(ownerUrl, {
        name: `Chain ${i + 1}`,
        currency: 'EUR',
        zone: 'Europe/Lisbon',
        stores: [
          { name: 'North', brand: 'Chain' },
          { name: 'South', brand: 'Chain' },
        ],
        programs: [program],
        customers: Array.from({ length: options.customersEach }, () => ({ program: 'Stamps' })),
      }),
    ),
  );
}

/** Starts posting at a steady rate, whatever the answers: tills do not wait for each other. */
export function startLoad(options: LoadOptions): Load {
  const journal: Post[] = [];
  return { journal, done: run(options, journal) };
}

async function run(options: LoadOptions, journal: Post[]): Promise<void> {
  const random = seeded(options.seed);
  const clients = new Map(
    options.businesses.map((business) => {
      const { apiKey } = business;
      // Without patience it answers what it got, and repeating is journaled here.
      const client = createPosClient({
        edgeUrl: options.edgeUrl,
        apiKey,
        patienceMs: 0,
        connections: options.connections ?? 2_000,
      });
      return [business, client];
    }),
  );
  const posts: Promise<void>[] = [];
  const total = options.postsPerSecond * options.seconds;
  const startedAtMs = performance.now();
  while (posts.length < total) {
    const due = ((performance.now() - startedAtMs) / 1_000) * options.postsPerSecond;
    while (posts.length < Math.min(due, total)) {
      const post = nextPost(options, journal, random);
      journal.push(post);
      posts.push(send(post, clients.get(post.business)!, options.patienceMs ?? 120_000));
    }
    await pause(5);
  }
  await Promise.all(posts);
  for (const client of clients.values()) client.close();
}

function nextPost(options: LoadOptions, journal: readonly Post[], random: () => number): Post {
  const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)]!;
  if (journal.length > 0 && random() < options.duplicates) {
    const { business, sale } = pick(journal.slice(-500));
    return { business, sale, attempts: [], jobId: undefined };
  }
  const business = pick(options.businesses);
  const kind = random();
  const sale: Sale = {
    externalId: `load ${options.seed}/${journal.length}`,
    storeId: pick(business.storeIds),
    occurredAt: new Date().toISOString(),
    currency: 'EUR',
    total: 100 + Math.floor(random() * 2_000),
    ...(kind < 0.8 && { customer: { cardCode: pick(business.cards).code } }),
    // Few enough that the same unknown phone is often enrolled by two sales at once.
    ...(kind >= 0.8 && kind < 0.9 && { customer: { phone: phoneOf(Math.floor(random() * 300)) } }),
  };
  return { business, sale, attempts: [], jobId: undefined };
}

function phoneOf(n: number): string {
  return `+3519100${String(n).padStart(5, '0')}`;
}

/** Posts a sale until it has its 202, under the same key, as a till does. */
async function send(post: Post, client: PosClient, patienceMs: number): Promise<void> {
  const giveUpAtMs = Date.now() + patienceMs;
  while (post.jobId === undefined && Date.now() < giveUpAtMs) {
    const sentAtMs = Date.now();
    const startedAtMs = performance.now();
    const answer = await client
      .request<{ job: Job }>('POST', '/v1/pos/transactions', { body: post.sale })
      .catch(() => undefined);
    const tookMs = performance.now() - startedAtMs;
    const status = answer?.status ?? 0;
    post.attempts.push({ sentAtMs, tookMs, status });
    if (status === 202) post.jobId = answer?.body.job.id;
    else if (status === 0 || status === 503 || status === 429) await pause(500);
    else return;
  }
}

export type VerifyOptions = {
  readonly ownerUrl: string;
  readonly businesses: readonly SeededBusiness[];
  readonly journal: readonly Post[];
  /** How long the queue and the outbox may take to drain. */
  readonly drainMs: number;
};

/** Waits until everything has drained, then holds the journal against the books. */
export async function verify(
  options: VerifyOptions,
): Promise<Verdict & { drainedAfterMs: number }> {
  const client = new Client({ connectionString: options.ownerUrl });
  await client.connect();
  try {
    const startedAtMs = performance.now();
    const businessIds = options.businesses.map((business) => toUuid(business.businessId));
    const states = await drain(client, options, businessIds);
    const drainedAfterMs = performance.now() - startedAtMs;
    const jobs = jobsOf(options.journal);
    const inState = (wanted: string | undefined) =>
      [...jobs.values()].flat().filter((id) => states.get(id) === wanted);
    return {
      drainedAfterMs,
      unfinished: inState(undefined),
      failed: inState('failed'),
      torn: [...jobs].filter(([, ids]) => new Set(ids).size > 1).map(([key]) => key),
      notOnce: await findNotOnce(client, options, businessIds),
      wrongCards: await findWrongCards(client, options, businessIds),
      books: (await checkBooks(options.ownerUrl)).faults,
      foreign: await findForeign(client, businessIds),
      unpublished: await countOutbox(client, businessIds),
    };
  } finally {
    await client.end();
  }
}

/** The jobs that each sale was given, by business and external id. */
function jobsOf(journal: readonly Post[]): Map<string, string[]> {
  const jobs = new Map<string, string[]>();
  for (const post of journal) {
    if (post.jobId === undefined) continue;
    jobs.set(keyOf(post), [...(jobs.get(keyOf(post)) ?? []), post.jobId]);
  }
  return jobs;
}

function keyOf({ business, sale }: Post): string {
  return `${toUuid(business.businessId)} ${sale.externalId}`;
}

/** @returns terminal states by job id; those of jobs that did not end in time are missing */
async function drain(
  client: Client,
  options: VerifyOptions,
  businessIds: readonly string[],
): Promise<Map<string, string>> {
  const wanted = new Set(options.journal.flatMap(({ jobId }) => jobId ?? []));
  const uuids = new Map([...wanted].map((id) => [toUuid(id as `job_${string}`), id]));
  let states = new Map<string, string>();
  const isDrained = async () => {
    const { rows } = await client.query<{ id: string; status: string }>(
      'SELECT id, status FROM loyalty.jobs WHERE business_id = ANY ($1)',
      [businessIds],
    );
    states = new Map(rows.map((row) => [uuids.get(row.id) ?? row.id, row.status]));
    const missing = [...wanted].some((id) => !states.has(id));
    return !missing && (await countOutbox(client, businessIds)) === 0;
  };
  const giveUp = { timeoutMs: options.drainMs, everyMs: 100 };
  await until('drained', isDrained, giveUp).catch(() => undefined);
  return states;
}

async function countOutbox(client: Client, businessIds: readonly string[]): Promise<number> {
  const { rows } = await client.query<{ count: number }>(
    `SELECT (SELECT count(*) FROM loyalty.outbox WHERE business_id = ANY ($1))::int
          + (SELECT count(*) FROM loyalty.outbox_backlog WHERE business_id = ANY ($1))::int AS count`,
    [businessIds],
  );
  return rows[0]?.count ?? 0;
}

async function findNotOnce(
  client: Client,
  { journal }: VerifyOptions,
  businessIds: readonly string[],
): Promise<string[]> {
  const { rows } = await client.query<{ key: string; count: number }>(
    `SELECT business_id || ' ' || external_id AS key, count(*)::int AS count
       FROM loyalty.transactions WHERE business_id = ANY ($1) GROUP BY 1`,
    [businessIds],
  );
  const counts = new Map(rows.map((row) => [row.key, row.count]));
  const posted = new Map(journal.map((post) => [keyOf(post), false]));
  for (const post of journal) if (post.jobId !== undefined) posted.set(keyOf(post), true);
  const wrong = [...posted].filter(([key, accepted]) => {
    const count = counts.get(key) ?? 0;
    return accepted ? count !== 1 : count > 1;
  });
  const invented = [...counts.keys()].filter((key) => !posted.has(key));
  return [...wrong.map(([key]) => `${key}: ${counts.get(key) ?? 0}`), ...invented];
}

/** Every sale on a card is a stamp: an independent sum, made from the journal alone. */
async function findWrongCards(
  client: Client,
  { journal }: VerifyOptions,
  businessIds: readonly string[],
): Promise<string[]> {
  const { rows } = await client.query<{ code: string; stamps: number; unsure: number }>(
    `SELECT c.code, coalesce(sum(p.amount) FILTER (WHERE p.from_account = 'issued'), 0)::int AS stamps
       FROM loyalty.cards c
       LEFT JOIN loyalty.postings p ON p.business_id = c.business_id AND p.card_id = c.id
      WHERE c.business_id = ANY ($1) GROUP BY c.code`,
    [businessIds],
  );
  const stamps = new Map(rows.map((row) => [row.code, row.stamps]));
  const accepted = new Map<string, Set<string>>();
  const unsure = new Set<string>();
  for (const post of journal) {
    const code = post.sale.customer?.cardCode;
    if (code === undefined) continue;
    if (post.jobId === undefined) unsure.add(code);
    else accepted.set(code, (accepted.get(code) ?? new Set()).add(post.sale.externalId));
  }
  return [...accepted]
    .filter(([code, sales]) => !unsure.has(code) && stamps.get(code) !== sales.size)
    .map(([code, sales]) => `${code}: ${sales.size} sales, ${stamps.get(code)} stamps`);
}

/** What a row names must be its own business's: no row may have crossed over. */
async function findForeign(client: Client, businessIds: readonly string[]): Promise<string[]> {
  const { rows } = await client.query<{ what: string }>(
    `SELECT 'card ' || c.id AS what FROM loyalty.cards c
      WHERE c.business_id = ANY ($1) AND NOT EXISTS (
            SELECT FROM customer.customers u WHERE u.business_id = c.business_id AND u.id = c.customer_id)
      UNION ALL
     SELECT 'posting of ' || p.transaction_id FROM loyalty.postings p
      WHERE p.business_id = ANY ($1) AND NOT EXISTS (
            SELECT FROM loyalty.cards c
              JOIN loyalty.transactions t ON t.business_id = c.business_id
             WHERE c.business_id = p.business_id AND c.id = p.card_id AND t.id = p.transaction_id
               AND t.customer_id = c.customer_id)
      UNION ALL
     SELECT 'transaction ' || t.id FROM loyalty.transactions t
      WHERE t.business_id = ANY ($1) AND NOT EXISTS (
            SELECT FROM business.stores s WHERE s.business_id = t.business_id AND s.id = t.store_id)`,
    [businessIds],
  );
  return rows.map(({ what }) => what);
}

/** Numbers in [0, 1) that are the same for the same seed (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
