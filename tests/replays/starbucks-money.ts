import { Client } from 'pg';
import { toUuid } from '../../infra/postgres/ids.ts';
import { checkBooks } from '../ledger-check.ts';
import { compare, type Report, type Row } from './report.ts';
import { inParallel, readCards, type ReplayContext } from './site.ts';
import { type LogEvent, readLog, readScenario } from './starbucks-data.ts';
import { prepare, type Setting, tell, toSale } from './starbucks-site.ts';

const NAME = 'starbucks-reward-money';
const CUSTOMERS_AT_ONCE = 50;
const MICRO = 1_000_000;

/**
 * What offers give is money: at each later purchase the customer pays with all of it that the
 * purchase can take. A point is worth a cent.
 */
export async function replayStarbucksRewardMoney(
  context: ReplayContext,
  everyNth = 1,
): Promise<Report> {
  const log = readLog(context.dataDir, everyNth);
  const setting = await prepare(context, NAME, log, { pointValueMinor: '1' });
  const startedAtMs = Date.now();
  try {
    const received = log.events.filter(({ kind }) => kind === 'received');
    const refused = await tell(setting, received);
    const till = await buyInOrder(setting);
    const seconds = (Date.now() - startedAtMs) / 1_000;
    const rows = [
      compare('refused at the door', 0, refused),
      ...(await check(setting, till, everyNth === 1)),
    ];
    return { name: NAME, sales: log.events.length, seconds, rows };
  } finally {
    setting.client.close();
  }
}

type Till = { redeemed: number; redemptions: number };

/** Each customer's purchases one after another, many customers at once. */
async function buyInOrder(setting: Setting): Promise<Till> {
  const { log, context } = setting;
  const bought = log.events.filter(({ kind }) => kind === 'bought');
  const till: Till = { redeemed: 0, redemptions: 0 };
  let done = 0;
  const chains = [...Map.groupBy(bought, ({ customer }) => customer).values()];
  // The longest first, or the last customer would buy alone.
  const longestFirst = chains.sort((a, b) => b.length - a.length);
  await inParallel(longestFirst, CUSTOMERS_AT_ONCE, async (chain) => {
    let balance = 0;
    for (const event of chain.toSorted((a, b) => a.hour - b.hour)) {
      const paid = Math.min(balance, event.amountCents);
      balance = await buy(setting, event, paid);
      till.redeemed += paid;
      till.redemptions += paid > 0 ? 1 : 0;
      done += 1;
      context.onProgress({ kind: 'part', text: `${NAME}, bought`, done, total: bought.length });
    }
  });
  return till;
}

/** @returns the balance after it, in cents */
async function buy(setting: Setting, event: LogEvent, paid: number): Promise<number> {
  const rest = { kind: 'card', amount: event.amountCents - paid } as const;
  const points = { kind: 'points', amount: paid } as const;
  const tenders = paid > 0 ? [points, rest] : [rest];
  const recorded = await setting.client.record({ ...toSale(setting, event), tenders });
  return Number(recorded.cards[0]?.balance);
}

async function check(setting: Setting, till: Till, isWhole: boolean): Promise<Row[]> {
  const { context, business, log } = setting;
  const books = await checkBooks(context.ownerUrl, business.businessId);
  const posted = await readPostings(setting);
  const cards = [...(await readCards(context.ownerUrl, business.businessId)).values()];
  const outstanding = cards.reduce((sum, { balance }) => sum + balance, 0);
  const rewards = new Map(log.offers.map((row) => [row.offer, Number(row.reward_dollars)]));
  const due = log.completions.reduce((sum, { offer }) => sum + (rewards.get(offer) ?? 0), 0);
  const figures = readScenario(context.dataDir, 'reward_money');
  return [
    compare('cents earned, by the rule', due * 100, posted.earned),
    compare('cents redeemed, by the till', till.redeemed, posted.redeemed),
    ...(isWhole
      ? [
          compare('cents earned', figures['earned_cents'] ?? '', posted.earned),
          compare('cents redeemed', figures['redeemed_cents'] ?? '', posted.redeemed),
          compare('redemptions', figures['redemptions'] ?? '', till.redemptions),
          compare('cents outstanding', figures['outstanding_cents'] ?? '', outstanding),
          compare(
            'customers with a balance',
            figures['customers_with_balance'] ?? '',
            cards.filter(({ balance }) => balance > 0).length,
          ),
        ]
      : []),
    compare('faults in the books', 'none', books.faults.join('; ') || 'none'),
  ];
}

/** What the books say was given and spent, in cents. */
async function readPostings({
  context,
  business,
}: Setting): Promise<{ earned: number; redeemed: number }> {
  const client = new Client({ connectionString: context.ownerUrl });
  await client.connect();
  try {
    const { rows } = await client.query<{ earned: string; redeemed: string }>(
      `SELECT coalesce(sum(amount) FILTER (WHERE from_account = 'issued'), 0) AS earned,
              coalesce(sum(amount) FILTER (WHERE to_account = 'redeemed'), 0) AS redeemed
         FROM loyalty.postings WHERE business_id = $1`,
      [toUuid(business.businessId)],
    );
    const { earned = '0', redeemed = '0' } = rows[0] ?? {};
    return { earned: Number(earned) / MICRO, redeemed: Number(redeemed) / MICRO };
  } finally {
    await client.end();
  }
}
