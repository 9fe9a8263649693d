import { checkBooks } from '../ledger-check.ts';
import { compare, compareCounted, type Report, type Row } from './report.ts';
import { settled } from './settled.ts';
import { inParallel, readCards, type ReplayContext } from './site.ts';
import {
  type CompletionRow,
  completionsOf,
  drawOf,
  type LogEvent,
  readLog,
  readScenario,
} from './starbucks-data.ts';
import {
  CENTS,
  EVENTS_PER_SLICE,
  type GivenOffer,
  HOUR_MS,
  prepare,
  READS_AT_ONCE,
  readOffers,
  type Setting,
  START_MS,
  tell,
} from './starbucks-site.ts';

const REFUNDED_AT = '2025-03-01T00:00:00Z';

type Scenario = {
  readonly name: string;
  /** The log as it arrives. */
  readonly arrival: (events: readonly LogEvent[]) => readonly LogEvent[];
  /** Sales that are refunded in full when all has been told. */
  readonly isRefunded?: (sale: LogEvent) => boolean;
  /** What the whole log must come to, by the data's own count. */
  readonly counted: (dataDir: string) => { completions: number; dollars: number };
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

/** Refunds sales in full. @returns how many were refused */
async function refund(setting: Setting, seqs: ReadonlySet<string>): Promise<number> {
  const { client, context, name } = setting;
  let refused = 0;
  let done = 0;
  await inParallel([...seqs], READS_AT_ONCE, async (seq) => {
    const path = `/v1/pos/transactions/externalId:${seq}/refunds`;
    const answer = await settled(client, 'POST', path, {
      headers: { Prefer: 'wait=10' },
      body: { externalId: `refund ${seq}`, occurredAt: REFUNDED_AT, full: true },
    });
    if (answer.status !== 201) refused += 1;
    done += 1;
    context.onProgress({ kind: 'part', text: `${name}, refunded`, done, total: seqs.size });
  });
  return refused;
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
