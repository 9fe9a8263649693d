import { decidePurchase } from '../../domain/earning/decide-purchase.ts';
import { FactsSoFar } from '../../domain/earning/facts-so-far.ts';
import { NO_ANSWERS, questionsOf } from '../../domain/earning/sale-facts.ts';
import { feedPurchase } from '../../domain/offers/feed-purchase.ts';
import type { PromotionDefinition } from '../../domain/promotions/promotion.ts';
import {
  aCard,
  anId,
  aPointProgram,
  aPromotion,
  aPurchaseState,
  aRecordPurchase,
  coffees,
  deterministicIds,
  NOON,
} from '../../tests/builders/domain.ts';
import { anOfferInstance } from '../../tests/builders/offers.ts';
import type { LineContext, LineResult } from './line.ts';

const BUDGET_MS = 0.1;
const PROMOTIONS = 20;
const OFFERS = 10;

/**
 * What judging one sale costs where a business runs everything at once: 20 promotions, half of them
 * on, with limits, budgets, audiences and a level, and 10 open offers. The peer is the same sale
 * without any of it.
 */
export async function measureDecide({ quick, tell }: LineContext): Promise<LineResult[]> {
  const rounds = quick ? 3 : 7;
  const sales = quick ? 5_000 : 20_000;
  const [plain, full] = [aDecision(0, 0), aDecision(PROMOTIONS, OFFERS)];
  const ours: number[] = [];
  const peer: number[] = [];
  for (let round = 0; round <= rounds; round += 1) {
    const [one, other] = [cpuMsOf(full, sales), cpuMsOf(plain, sales)];
    // The first round is the compiler's.
    if (round === 0) continue;
    ours.push(one);
    peer.push(other);
    tell(`round ${round}: ${one.toFixed(4)} ms, plain ${other.toFixed(4)} ms`);
  }
  const [cost, base] = [median(ours), median(peer)];
  const pass = cost <= BUDGET_MS;
  return [
    {
      name: 'decide-20-promotions',
      measured: `CPU-ms of judging a sale under ${PROMOTIONS} promotions and ${OFFERS} open offers`,
      against: 'the same sale under none',
      unit: ' ms',
      ours: cost,
      peer: base,
      ratio: cost / base,
      bar: `≤ ${BUDGET_MS} ms`,
      goal: `≤ ${BUDGET_MS} ms`,
      pass,
      goalMet: pass,
      cpuMsPerUnit: {},
      notes: [`${(cost - base).toFixed(4)} ms of it for promotions and offers`],
    },
  ];
}

/** A sale as a worker judges it, questions and in-batch facts included. */
function aDecision(promotions: number, offers: number): () => void {
  const program = {
    ...aPointProgram(),
    promotions: Array.from({ length: promotions }, (_, n) => aPromotion(kinds(n))),
  };
  const { config, ...state } = aPurchaseState({ programs: [program] });
  const command = aRecordPurchase(coffees(3));
  const instances = Array.from({ length: offers }, (_, n) =>
    anOfferInstance({ id: anId('ofi', n + 1), opensAt: NOON - 1, closesAt: NOON + 1 }),
  );
  const [customerId, businessId] = [anId('cus'), anId('biz')];
  const customer = { kind: 'known', id: customerId, cards: [aCard()] } as const;
  const ids = deterministicIds();
  const counters = new Map(
    program.promotions.map(({ id }) => [
      `${businessId} budget:${id}`,
      { used: 0, ceiling: 1_000_000_000 },
    ]),
  );
  return () => {
    const asked = questionsOf(config, command).map((questions) => ({
      questions,
      answers: NO_ANSWERS,
    }));
    const loaded = asked.length > 0 ? { sales: new Map([[0, asked]]), counters } : undefined;
    const soFar = new FactsSoFar(loaded);
    const query = { ordinal: 0, businessId, customerId, occurredAt: NOON };
    const facts = soFar.factsOf(query);
    const decided = decidePurchase(command, { ...state, config, customer, facts }, ids);
    if (decided.kind === 'refused') throw new Error(decided.code);
    const sale = { id: ids.id('txn'), reference: 'till-1/1' };
    const { decision } = feedPurchase(decided, instances, sale, ids);
    soFar.apply(businessId, customerId, decision.cards);
  };
}

/** Of every kind there is; every other one is on at noon on a Wednesday. */
function kinds(n: number): Partial<PromotionDefinition> & { n: number } {
  const isOn = n % 2 === 0;
  return {
    n: n + 1,
    name: `Promotion ${n + 1}`,
    window: {
      from: '2026-01-01',
      to: '2026-12-31',
      weekdays: isOn ? [3, 4] : [1, 2],
      hours: { from: '11:00', to: '14:00' },
    },
    storeIds: [anId('sto'), anId('sto', 2)],
    effect:
      n % 3 === 0
        ? { kind: 'bonus', amount: '1.5' }
        : { kind: 'multiplier', multiplier: `1.${n + 1}` },
    stackable: n % 4 === 0,
    limit: { uses: 2, per: 'week' },
    ...(n % 5 === 0 && { budget: '1000' }),
    ...(n % 7 === 0 && { audience: { kind: 'firstPurchase' } }),
    ...(n % 8 === 6 && { tiers: ['Gold'] }),
  };
}

function cpuMsOf(decide: () => void, times: number): number {
  const before = process.cpuUsage();
  for (let i = 0; i < times; i += 1) decide();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000 / times;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}
