import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ExpiryRule } from '../../domain/expiry/rule.ts';
import { idSource } from '../../infra/ids/id-source.ts';
import { createPosClient, type PosClient, type Sale, type Transaction } from '../pos-client.ts';
import { inZone, readTable, readTruth } from './data.ts';
import { postRefund } from './refunds.ts';
import { compare, compareLists, type Report, type Row } from './report.ts';
import { shuffle } from './shuffle.ts';
import { inParallel, type ReplayContext } from './site.ts';
import { openReplayShop, type ReplayShop } from './shop.ts';

const FOLDER = 'coffee_machine';
// The machine sells for hryvnia, and its clock shows local time.
const ZONE = 'Europe/Kyiv';
const STAMPS_PER_REWARD = 10;
const CONNECTIONS = 50;

type SaleRow = {
  readonly seq: string;
  readonly datetime: string;
  readonly card: string;
  readonly drink: string;
  readonly amount_cents: string;
};

type Setting = {
  readonly name: string;
  readonly context: ReplayContext;
  readonly rows: readonly SaleRow[];
  readonly shop: ReplayShop;
  /** Sales by their row's seq. */
  readonly sales: ReadonlyMap<string, Sale>;
  /** The machine's card ids, in the order of the shop's customers. */
  readonly cardIds: readonly string[];
  readonly client: PosClient;
};

type Options = {
  /** Sales of cards with fewer are left out. */
  readonly fewest?: number;
  readonly caps?: { readonly perBusinessDay: string };
  readonly expiry?: ExpiryRule;
};

/**
 * Every 10th purchase of a card is a reward: on the very purchases that the data names.
 * @param fewest purchases of a card for it to take part; those with fewer than ten earn no reward.
 *   The data's own totals are of all, so 0 for those
 */
export function replayCoffeeMachine(context: ReplayContext, fewest = 0): Promise<Report> {
  return replay(context, 'coffee-machine', { fewest }, async (setting) => {
    const recorded = await postInOrder(setting, (sale) => setting.client.record(sale));
    return [
      ...checkRewards(setting, recorded, 'stamp_rewards_10.csv'),
      ...(fewest === 0 ? await everyTenth(setting) : []),
    ];
  });
}

/**
 * At most one stamp per card and business day.
 * @param fewest as for `replayCoffeeMachine`
 */
export function replayCoffeeMachineDaily(context: ReplayContext, fewest = 0): Promise<Report> {
  const definition = { caps: { perBusinessDay: '1' }, fewest };
  return replay(context, 'coffee-machine-daily', definition, async (setting) => {
    const recorded = await postInOrder(setting, (sale) => setting.client.record(sale));
    return checkRewards(setting, recorded, 'stamp_rewards_10_max_one_stamp_per_day.csv');
  });
}

/**
 * Ten purchases within 60 days of a card's first: what is not full by then begins anew.
 * @param fewest as for `replayCoffeeMachine`
 */
export function replayCoffeeMachineWithin60Days(
  context: ReplayContext,
  fewest = 0,
): Promise<Report> {
  const expiry = { kind: 'rolling', period: 'P60D', countedFrom: 'first-earning' } as const;
  return replay(context, 'coffee-machine-60-days', { expiry, fewest }, async (setting) => {
    const recorded = await postInOrder(setting, (sale) => setting.client.record(sale));
    return checkRewards(setting, recorded, 'stamp_rewards_10_within_60_days.csv');
  });
}

/** Every sale is sent twice at the same moment: both posts get one answer, and it counts once. */
export function replayCoffeeMachineTwice(context: ReplayContext): Promise<Report> {
  return replay(context, 'coffee-machine-twice', {}, async (setting) => {
    let unlike = 0;
    const recorded = await postInOrder(setting, async (sale) => {
      const [one, other] = await Promise.all([
        setting.client.record(sale),
        setting.client.record(sale),
      ]);
      if (one.id !== other.id) unlike += 1;
      return one;
    });
    return [
      compare('posts that got another answer than their twin', 0, unlike),
      ...checkRewards(setting, recorded, 'stamp_rewards_10.csv'),
      ...(await everyTenth(setting)),
    ];
  });
}

/** All sales twice, in any order, from many connections, nobody waiting for anything. */
export function replayCoffeeMachineShuffled(context: ReplayContext): Promise<Report> {
  return replay(context, 'coffee-machine-shuffled', {}, async (setting) => {
    const { sales, client, shop } = setting;
    const jobs = new Set<string>();
    await inParallel(shuffle([...sales.values(), ...sales.values()]), CONNECTIONS, async (sale) => {
      jobs.add((await client.post(sale)).id);
    });
    await shop.waitForJobs(jobs, setting.name);
    return [compare('jobs for all posts', sales.size, jobs.size), ...(await everyTenth(setting))];
  });
}

/**
 * One card purchase in twenty is voided, at the same time as all are posted: some voids wait for
 * their sale, some find it under a reward. Each card is left as if they had never been.
 * @param fewest as for `replayCoffeeMachine`
 */
export function replayCoffeeMachineVoids(context: ReplayContext, fewest = 0): Promise<Report> {
  return replay(context, 'coffee-machine-voids', { fewest }, async (setting) => {
    const { rows, sales, client, shop, cardIds } = setting;
    const jobs: string[] = [];
    const voided = rows.filter(({ seq, card }) => card !== '' && isVoided(seq));
    await Promise.all([
      postInOrder(setting, (sale) => client.record(sale)),
      inParallel(shuffle(voided), CONNECTIONS, async ({ seq }) => {
        const { occurredAt = '' } = sales.get(seq) ?? {};
        const refund = { externalId: `void ${seq}`, occurredAt, full: true as const };
        jobs.push(await postRefund(client, seq, refund));
      }),
    ]);
    await inParallel(jobs, CONNECTIONS, async (id) => {
      await client.waitForJob(id);
    });

    const cards = await shop.readCards();
    const left = Map.groupBy(
      rows.filter((row) => !voided.includes(row)),
      (row) => row.card,
    );
    const unlike = cardIds.filter((cardId, i) => {
      const n = left.get(cardId)?.length ?? 0;
      return (
        cards[i]?.rewards !== Math.floor(n / STAMPS_PER_REWARD) ||
        cards[i].balance !== n % STAMPS_PER_REWARD
      );
    });
    const truth = readVoids(context.dataDir);
    const rewards = cards.reduce((sum, card) => sum + card.rewards, 0);
    return [
      ...(fewest === 0 ? [compare('voids', truth.voided, voided.length)] : []),
      compare('rewards left', truth.rewards_left, rewards),
      compare('cards that are not as if the voided sales had never been', 0, unlike.length),
    ];
  });
}

function isVoided(seq: string): boolean {
  const digest = createHash('sha256').update(`void:${seq}`).digest('hex');
  return Number.parseInt(digest.slice(0, 8), 16) % 20 === 0;
}

function readVoids(dataDir: string): { voided: number; rewards_left: number } {
  const text = readFileSync(join(dataDir, FOLDER, 'truth.json'), 'utf8');
  const truth = JSON.parse(text) as {
    void_scenario: { voided: number; rewards_left: number };
  };
  return truth.void_scenario;
}

async function replay(
  context: ReplayContext,
  name: string,
  options: Options,
  run: (setting: Setting) => Promise<Row[]>,
): Promise<Report> {
  const setting = await prepare(context, name, options);
  const startedAtMs = Date.now();
  try {
    const rows = await run(setting);
    const seconds = (Date.now() - startedAtMs) / 1_000;
    return {
      name,
      sales: setting.rows.length,
      seconds,
      rows: [...rows, ...(await setting.shop.checkBooks(setting.rows.length))],
    };
  } finally {
    setting.client.close();
  }
}

async function prepare(
  context: ReplayContext,
  name: string,
  { fewest = 0, ...definition }: Options,
): Promise<Setting> {
  const all = readTable<SaleRow>(context.dataDir, FOLDER, 'sales.csv.gz');
  const byCard = Map.groupBy(all, (row) => row.card);
  const isRegular = ({ card }: SaleRow) => card !== '' && byCard.get(card)!.length >= fewest;
  const rows = fewest > 0 ? all.filter(isRegular) : all;
  const cardIds = [...new Set(rows.map((row) => row.card).filter((card) => card !== ''))];
  const shop = await openReplayShop(context, {
    name,
    currency: 'UAH',
    zone: ZONE,
    store: 'Machine 1',
    brand: 'Coffee machine',
    program: {
      name: 'Coffee card',
      unit: 'stamp',
      definition: {
        rules: [{ kind: 'perVisit', amount: '1' }],
        autoReward: {
          id: idSource.id('rdf'),
          name: 'Free coffee',
          cost: String(STAMPS_PER_REWARD),
          benefit: { kind: 'freeItem', description: 'Any drink' },
        },
        ...definition,
      },
    },
    customers: cardIds.length,
  });
  const references = new Map(cardIds.map((cardId, i) => [cardId, shop.customers[i]]));
  const sales = new Map(rows.map((row) => [row.seq, toSale(row, shop, references.get(row.card))]));
  const { edgeUrl } = context;
  const client = createPosClient({
    edgeUrl,
    apiKey: shop.apiKey,
    connections: CONNECTIONS,
    // A rate limit of somebody else's edge may ask for a minute.
    patienceMs: 180_000,
  });
  return { name, context, rows, shop, sales, cardIds, client };
}

function toSale(row: SaleRow, shop: ReplayShop, customer: Sale['customer']): Sale {
  const amount = Number(row.amount_cents);
  return {
    externalId: row.seq,
    storeId: shop.storeId,
    occurredAt: inZone(row.datetime, ZONE),
    // Cash rows have no card: anonymous sales.
    customer,
    currency: 'UAH',
    total: amount,
    lines: [{ sku: row.drink, category: 'coffee', unitPrice: amount }],
  };
}

/** Posts each card's sales one after another, many cards at once; answers by the rows' seq. */
async function postInOrder(
  { name, context, rows, sales }: Setting,
  record: (sale: Sale) => Promise<Transaction>,
): Promise<Map<string, Transaction>> {
  const chains = Map.groupBy(rows, (row) => row.card || `cash ${row.seq}`);
  const recorded = new Map<string, Transaction>();
  // The longest first, or the last card would be posted alone.
  const longestFirst = [...chains.values()].sort((a, b) => b.length - a.length);
  await inParallel(longestFirst, CONNECTIONS, async (chain) => {
    for (const { seq } of chain) {
      const sale = sales.get(seq);
      if (sale) recorded.set(seq, await record(sale));
      context.onProgress({ kind: 'part', text: name, done: recorded.size, total: rows.length });
    }
  });
  return recorded;
}

function checkRewards(
  { context }: Setting,
  recorded: ReadonlyMap<string, Transaction>,
  truthFile: string,
): Row[] {
  const truth = readTable<{ seq: string }>(context.dataDir, FOLDER, truthFile);
  const got = [...recorded].flatMap(([seq, { cards }]) =>
    cards.flatMap((card) => card.rewardsIssued.map(() => seq)),
  );
  return [
    compareLists(
      'purchases that earn a reward',
      truth.map(({ seq }) => seq),
      got,
    ),
  ];
}

/** Without a cap each card has floor(n / 10) rewards, and the rest in stamps. */
async function everyTenth({ context, shop, rows, cardIds }: Setting): Promise<Row[]> {
  const truth = readTruth(context.dataDir, FOLDER);
  const cards = await shop.readCards();
  const purchases = Map.groupBy(rows, (row) => row.card);
  const unlike = cardIds.filter((cardId, i) => {
    const count = purchases.get(cardId)?.length ?? 0;
    return (
      cards[i]?.rewards !== Math.floor(count / STAMPS_PER_REWARD) ||
      cards[i].balance !== count % STAMPS_PER_REWARD
    );
  });
  const sum = (numbers: readonly number[]) => numbers.reduce((total, n) => total + n, 0);
  return [
    compare(
      'rewards',
      truth['stamp_card_10_rewards'] ?? '',
      sum(cards.map(({ rewards }) => rewards)),
    ),
    compare(
      'open stamps',
      truth['open_stamps_after_10s'] ?? '',
      sum(cards.map(({ balance }) => balance)),
    ),
    compare('cards without floor(n / 10) rewards and the rest in stamps', 0, unlike.length),
  ];
}
