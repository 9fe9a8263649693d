/** Whatever commands come, in whatever order and however often, the books add up. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import type { Pool } from 'pg';
import type {
  BusinessId,
  CardId,
  CustomerId,
  RewardDefinitionId,
} from '../../domain/values/ids.ts';
import { DAY_MS } from '../../domain/values/time.ts';
import { checkFigures } from '../../infra/postgres/analytics/check.ts';
import { createFigures } from '../../infra/postgres/analytics/figures.ts';
import { fromUuid, toUuid } from '../../infra/postgres/ids.ts';
import type { Envelope } from '../../queues/envelope.ts';
import type { CommandName } from '../../queues/registry.ts';
import { aCommandMessage, aPurchaseMessage } from '../../tests/builders/messages.ts';
import { openPromotion } from '../../tests/builders/promotions.ts';
import { createTestDatabase, createTestPool, type TestDatabase } from '../../tests/database.ts';
import { deliver, outboxMessages } from '../../tests/figures.ts';
import { createTestHandlers } from '../../tests/handlers.ts';
import { openShop, POINTS, type Shop, STAMPS } from '../../tests/journeys/shop.ts';
import { assertBooks } from '../../tests/ledger-check.ts';
import { createAnalyticsHandler } from '../lambdas/analytics/handler.ts';
import type { Handlers } from './handler.ts';

const CUSTOMERS = 3;
const STOCK = 4;
/** Few but long: each is some fifty commands. */
const RUNS = Number(process.env['RANDOM_RUNS'] ?? 4);

let database: TestDatabase;
let pools: Pool[];
/** Two workers, so that a message delivered twice is handled by both at once. */
let workers: Handlers[];
let figuresPool: Pool;
let count: ReturnType<typeof createAnalyticsHandler>;

beforeAll(async () => {
  database = await createTestDatabase();
  pools = [1, 2].map(() => createTestPool(database.workerUrl, { maxConnections: 2 }));
  workers = pools.map((pool) => createTestHandlers(pool));
  figuresPool = createTestPool(database.analyticsUrl, { maxConnections: 1 });
  count = createAnalyticsHandler({
    figures: createFigures(figuresPool),
    onError: (error) => {
      throw error;
    },
  });
});

afterAll(async () => {
  await Promise.all([...pools, figuresPool].map((pool) => pool.end()));
  await database.drop();
});

const who = fc.nat(CUSTOMERS - 1);
const nth = fc.nat(40);
/** What tills, people and schedules do; `nth` picks among what there is by then. */
const step = fc.oneof(
  {
    weight: 9,
    arbitrary: fc.record({
      do: fc.constant('buy' as const),
      who,
      euros: fc.integer({ min: 1, max: 30 }),
      coffees: fc.integer({ min: 1, max: 6 }),
      pointsMinor: fc.constantFrom(0, 0, 0, 50, 100),
      voucher: fc.option(nth, { freq: 4 }),
      daysAgo: fc.constantFrom(0, 0, 0, 3, 8, 20),
    }),
  },
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant('refund' as const),
      nth,
      how: fc.oneof(
        fc.constant({ full: true as const }),
        fc.record({ amount: fc.integer({ min: 1, max: 900 }) }),
        fc.record({ lines: fc.constant([{ line: 0, quantity: '1' }]) }),
      ),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('claim' as const), who }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constantFrom('redeem', 'reverse'), nth }) },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('adjust' as const),
      who,
      points: fc.constantFrom('7', '-4', '0.5'),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('merge' as const), who, other: who }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('unmerge' as const), who }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constantFrom('expire', 'repeat'), nth }) },
);
type Step = typeof step extends fc.Arbitrary<infer One> ? One : never;

/** A shop of stamps that last, and of points that expire, pay, reach levels and are doubled. */
async function openWorld(): Promise<World> {
  const stamps = { ...STAMPS.definition, rules: [{ kind: 'perItem', amount: '1' }] };
  const points = {
    ...POINTS.definition,
    pointValueMinor: '5',
    expiry: { kind: 'rolling', period: 'P7D' },
    tiers: {
      by: 'earned',
      window: { kind: 'calendarYear' },
      downgrade: 'one-step',
      levels: [{ name: 'Gold', threshold: '60', multiplier: '1.5' }],
    },
  };
  const shop = await openShop(database.ownerUrl, {
    programs: [
      { ...POINTS, definition: points },
      { ...STAMPS, definition: stamps },
    ],
    customers: Array.from({ length: CUSTOMERS }, () => ({ program: 'Points' })),
  });
  await openPromotion(database.ownerUrl, shop, { budget: '90' });
  const terms = {
    programId: shop.programs[0]!.id,
    name: 'Cake',
    cost: '10',
    stock: STOCK,
    benefit: { kind: 'freeItem', description: 'Any cake' } as const,
  };
  const add = aCommandMessage(shop, 'create-reward-definition', terms);
  const [added] = await workers[0]!['create-reward-definition']([add]);
  const { id } = (added as { result: { id: RewardDefinitionId } }).result;
  const publish = aCommandMessage(shop, 'publish-reward-definition', { id, expectedRevision: 1 });
  await workers[0]!['publish-reward-definition']([publish]);
  return new World(shop, id);
}

class World {
  readonly shop: Shop;
  readonly #cake: RewardDefinitionId;
  readonly #sent: { type: CommandName; message: Envelope }[] = [];
  #sales = 0;

  constructor(shop: Shop, cake: RewardDefinitionId) {
    this.shop = shop;
    this.#cake = cake;
  }

  async run(one: Step): Promise<void> {
    switch (one.do) {
      case 'buy':
        return this.#buy(one);
      case 'refund':
        // One more than there are: that refund waits for the next sale.
        return this.refund(one.nth % (this.#sales + 1), one.how);
      case 'claim': {
        const cardId = await this.#pointsCard(one.who);
        return this.#send('claim-reward', { cardId, definitionId: this.#cake });
      }
      case 'redeem':
      case 'reverse':
        return this.#visit(`${one.do}-reward`, one.nth);
      case 'adjust': {
        const cardId = await this.#pointsCard(one.who);
        return this.#send('adjust-card', { cardId, amount: one.points, reason: 'So it is' });
      }
      case 'merge': {
        const [survivorId, mergedId] = [this.#customer(one.who), this.#customer(one.other)];
        return this.#send('merge-customers', { survivorId, mergedId });
      }
      case 'unmerge':
        return this.#send('unmerge-customers', { mergedId: this.#customer(one.who) });
      case 'expire': {
        const at = new Date().toISOString();
        return this.#send('expire-lots', { at, restingSince: at });
      }
      case 'repeat': {
        const again = this.#sent[one.nth % Math.max(1, this.#sent.length)];
        return again && this.#deliver(again.type, again.message);
      }
      default:
        throw new Error(`no step ${JSON.stringify(one)}`);
    }
  }

  /** Takes everything back that was ever sold, parts that are left as well. */
  async refundAll(): Promise<void> {
    for (let sale = 0; sale < this.#sales; sale += 1) await this.refund(sale, { full: true });
  }

  refund(sale: number, how: object): Promise<void> {
    const now = new Date().toISOString();
    const externalId = `refund-${this.#sent.length}`;
    return this.#send('refund-purchase', {
      sale: { externalId: `sale-${sale}` },
      externalId,
      occurredAt: now,
      ...how,
    });
  }

  async #buy(one: Extract<Step, { do: 'buy' }>): Promise<void> {
    const { coffees, euros, daysAgo, voucher } = one;
    const lines = [
      { quantity: String(coffees), unitPrice: 250 },
      { unitPrice: euros * 100, kind: 'item' as const },
    ];
    const code = voucher === null ? undefined : await this.#rewardCode(voucher);
    const discounts = code === undefined ? [] : [{ amount: 250, voucherCode: code, line: 0 }];
    const total = coffees * 250 + euros * 100 - (code === undefined ? 0 : 250);
    const message = aPurchaseMessage(this.shop, {
      externalId: `sale-${this.#sales}`,
      customer: { cardCode: this.shop.cards[one.who]!.code },
      occurredAt: new Date(Date.now() - daysAgo * DAY_MS).toISOString(),
      total,
      lines: lines.map((line) => ({ kind: 'item', quantity: '1', discount: 0, tax: 0, ...line })),
      discounts,
      tenders: [{ kind: 'points', amount: Math.min(one.pointsMinor, total) }],
    });
    this.#sales += 1;
    this.#sent.push({ type: 'record-purchase', message });
    return this.#deliver('record-purchase', message);
  }

  async #visit(type: 'redeem-reward' | 'reverse-reward', n: number): Promise<void> {
    const code = await this.#rewardCode(n);
    if (code === undefined) return;
    const storeId = this.shop.storeIds[0]!;
    await this.#send(type, { code, storeId });
  }

  async #send<Name extends CommandName>(
    type: Name,
    payload: Parameters<typeof aCommandMessage<Name>>[2],
  ): Promise<void> {
    const message: Envelope = aCommandMessage(this.shop, type, payload);
    this.#sent.push({ type, message });
    return this.#deliver(type, message);
  }

  /** Every third message comes twice, to two workers at once. */
  async #deliver(type: CommandName, message: Envelope): Promise<void> {
    const to = this.#sent.length % 3 === 0 ? workers : workers.slice(0, 1);
    const outcomes = await Promise.all(
      to.map((worker) => {
        const handle: (messages: never[]) => Promise<{ status: string }[]> = worker[type];
        return handle([message as never]);
      }),
    );
    const statuses = new Set(outcomes.map(([outcome]) => outcome?.status));
    expect([type, ...statuses]).toHaveLength(2);
  }

  #customer(n: number): CustomerId {
    return this.shop.cards[n]!.customerId;
  }

  /** The card of points that carries on for a customer. */
  async #pointsCard(n: number): Promise<CardId> {
    const [row] = await database.query<{ id: string }>(
      'SELECT coalesce(merged_into, id) AS id FROM loyalty.cards WHERE business_id = $1 AND id = $2',
      [toUuid(this.shop.businessId), toUuid(this.shop.cards[n]!.id)],
    );
    return fromUuid('crd', row!.id);
  }

  async #rewardCode(n: number): Promise<string | undefined> {
    const rows = await database.query<{ code: string }>(
      'SELECT code FROM loyalty.issued_rewards WHERE business_id = $1 ORDER BY id',
      [toUuid(this.shop.businessId)],
    );
    return rows[n % Math.max(1, rows.length)]?.code;
  }
}

/** Facts come to the figures late, twice and backwards; they come to what the books do. */
async function assertFigures(businessId: BusinessId): Promise<void> {
  const facts = await outboxMessages(database, businessId);
  expect(await deliver(count, [...facts.toReversed(), ...facts.slice(0, 20)])).toEqual([]);
  const found = await checkFigures(figuresPool, businessId);
  expect(found).toEqual({ differences: [], uncounted: 0 });
}

interface Left {
  /** Stamps on cards and in rewards that were not taken back, less what is owed. */
  stamps: number;
  /** Micro-points that sales had earned, less what refunds took, spared or owed. */
  earned: number;
  uses: number;
  budget: number;
  progress: number;
  redeemedTwice: number;
}

/** What is left of everything once all sales are refunded. */
async function leftIn(shop: Shop): Promise<Left> {
  const [left] = await database.query<Left & Record<string, number>>(
    `SELECT (SELECT sum(c.balance - c.debt)::int FROM loyalty.cards c
              WHERE c.business_id = $1 AND c.program_id = $2)
            + (SELECT coalesce(sum(r.cost), 0)::int FROM loyalty.issued_rewards r
                JOIN loyalty.cards c ON c.business_id = r.business_id AND c.id = r.card_id
               WHERE r.business_id = $1 AND c.program_id = $2
                 AND r.status NOT IN ('revoked', 'reversed')) AS stamps,
            (SELECT coalesce(sum((j ->> 'earned')::bigint), 0)::float8
               FROM loyalty.transactions t, json_array_elements(t.judgement -> 'cards') j
              WHERE t.business_id = $1 AND t.kind = 'purchase')
            - (SELECT coalesce(sum((j ->> 'reversed')::bigint), 0)::float8
                 FROM loyalty.transactions t, json_array_elements(t.judgement -> 'cards') j
                WHERE t.business_id = $1 AND t.kind = 'refund') AS earned,
            (SELECT coalesce(sum(uses), 0)::int FROM loyalty.promotion_uses
              WHERE business_id = $1) AS uses,
            (SELECT coalesce(sum(used), 0)::int FROM loyalty.counters
              WHERE business_id = $1 AND key LIKE 'budget:%') AS budget,
            (SELECT coalesce(sum(abs(earned) + abs(spend)), 0)::float8 FROM (
               SELECT sum(earned) AS earned, sum(spend) AS spend FROM loyalty.tier_progress
                WHERE business_id = $1 GROUP BY card_id) p) AS progress,
            (SELECT count(*)::int FROM (
               SELECT FROM loyalty.outbox o, json_array_elements(o.events::json) e
                WHERE o.business_id = $1 AND e ->> 'type' = 'reward.redeemed'
                GROUP BY e -> 'data' ->> 'rewardId' HAVING count(*) > 1) r) AS "redeemedTwice"`,
    [toUuid(shop.businessId), toUuid(shop.programs[1]!.id)],
  );
  return left!;
}

test(
  'random commands leave books that add up, and refunds of all sales leave nothing of them',
  async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { minLength: 30, maxLength: 60, size: 'max' }),
        async (steps) => {
          const world = await openWorld();
          for (const one of steps) await world.run(one);
          const { businessId } = world.shop;
          await assertBooks(database.ownerUrl, businessId);
          await assertFigures(businessId);
          await world.refundAll();
          await assertBooks(database.ownerUrl, businessId);
          await assertFigures(businessId);
          expect(await leftIn(world.shop)).toEqual({
            stamps: 0,
            earned: 0,
            uses: 0,
            budget: 0,
            progress: 0,
            redeemedTwice: 0,
          });
        },
      ),
      { numRuns: RUNS, endOnFailure: true },
    );
  },
  30_000 + RUNS * 15_000,
);
