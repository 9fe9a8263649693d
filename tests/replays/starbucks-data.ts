import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readTable } from './data.ts';

export const STARBUCKS = 'starbucks';

/** A line of the log: a customer received an offer, or bought something. */
export type LogEvent = {
  readonly seq: string;
  readonly customer: string;
  readonly hour: number;
  readonly kind: 'received' | 'bought';
  readonly offer: string;
  readonly amountCents: number;
};

export type OfferRow = {
  readonly offer: string;
  readonly type: 'bogo' | 'discount' | 'informational';
  readonly difficulty_dollars: string;
  readonly reward_dollars: string;
  readonly duration_hours: string;
};

/** One completion, as the data's own answer names it. */
export type CompletionRow = {
  readonly customer: string;
  readonly offer: string;
  readonly received_hour: string;
  readonly completed_hour: string;
  readonly transaction_seq: string;
};

export type Log = {
  readonly customers: readonly string[];
  /** Offers that can be completed. */
  readonly offers: readonly OfferRow[];
  /** In the order of the log. */
  readonly events: readonly LogEvent[];
  /** What the rule makes of it. */
  readonly completions: readonly CompletionRow[];
};

type EventRow = {
  readonly seq: string;
  readonly customer: string;
  readonly hour: string;
  readonly type: string;
  readonly offer: string;
  readonly amount_cents: string;
};

/** The log of every nth customer. Viewing changes nothing and is left out, as are mere announcements. */
export function readLog(dataDir: string, everyNth: number): Log {
  const isWanted = ({ customer }: { customer: string }) => Number(customer) % everyNth === 0;
  const read = <Row extends Record<string, string>>(file: string) =>
    readTable<Row>(dataDir, STARBUCKS, file);
  const offers = read<OfferRow>('offers.csv').filter(({ type }) => type !== 'informational');
  const completable = new Set(offers.map(({ offer }) => offer));
  const events = read<EventRow>('events.csv.gz')
    .filter(isWanted)
    .filter(({ type, offer }) => type === 'T' || (type === 'R' && completable.has(offer)))
    .map((row): LogEvent => ({
      seq: row.seq,
      customer: row.customer,
      hour: Number(row.hour),
      kind: row.type === 'T' ? 'bought' : 'received',
      offer: row.offer,
      amountCents: Number(row.amount_cents),
    }));
  return {
    customers: read<{ customer: string }>('customers.csv.gz')
      .filter(isWanted)
      .map(({ customer }) => customer),
    offers,
    events,
    completions: read<CompletionRow>('rule_completions.csv.gz').filter(isWanted),
  };
}

/** Figures that others counted from the whole log, a scenario each. */
export function readScenario(dataDir: string, name: string): Readonly<Record<string, number>> {
  const file = join(dataDir, STARBUCKS, 'scenarios.json');
  const all = JSON.parse(readFileSync(file, 'utf8')) as Record<string, Record<string, number>>;
  return all[name] ?? {};
}

/** How the data chooses events for a scenario: the first 8 hex digits of a SHA-256. */
export function drawOf(text: string): number {
  return Number.parseInt(createHash('sha256').update(text).digest('hex').slice(0, 8), 16);
}

/**
 * The data's rule, done plainly for one customer at a time: what a log completes. Used where the
 * data counts a scenario's completions but does not list them.
 */
export function completionsOf(log: Log): CompletionRow[] {
  const offers = new Map(log.offers.map((offer) => [offer.offer, offer]));
  const byCustomer = Map.groupBy(log.events, ({ customer }) => customer);
  return [...byCustomer.values()].flatMap((events) =>
    events.flatMap((received) => {
      const offer = offers.get(received.offer);
      if (received.kind !== 'received' || !offer) return [];
      const end = received.hour + Number(offer.duration_hours);
      const dollars = Number(offer.difficulty_dollars);
      let sum = 0;
      const completing = events
        .filter(({ kind, hour }) => kind === 'bought' && hour >= received.hour && hour <= end)
        .sort((a, b) => a.hour - b.hour)
        .find(({ amountCents }) => {
          sum += amountCents;
          return offer.type === 'bogo' ? amountCents > dollars * 100 : sum >= dollars * 100;
        });
      if (!completing) return [];
      return [
        {
          customer: received.customer,
          offer: received.offer,
          received_hour: String(received.hour),
          completed_hour: String(completing.hour),
          transaction_seq: completing.seq,
        },
      ];
    }),
  );
}
