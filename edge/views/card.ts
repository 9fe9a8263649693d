import { z } from 'zod';
import { shortCodeOf } from '../../domain/customers/short-code.ts';
import type { AsOfBy } from '../../domain/ledger/as-of.ts';
import type { Card } from '../../domain/ledger/card.ts';
import type { Program } from '../../domain/programs/program.ts';
import type { Instant } from '../../domain/values/time.ts';
import { describeProgress, presentAmount, toLedgerUnits } from '../../domain/values/units.ts';
import { explanationStep, presentedAmount } from '../schemas.ts';
import { localTime, localTimeSchema } from './local-time.ts';

/** A card as the page of one card needs it. */
export interface CardPage {
  card: Card;
  program: Program;
  openedAt: Instant;
  /** As it was, where that was asked for; ledger units. */
  balanceThen: number | undefined;
}

/** One line of a card's history; amounts in ledger units. */
export interface HistoryLine {
  id: string | null;
  /** Where the next page goes on behind this line. */
  position: string;
  kind: string;
  change: number;
  debtChange: number;
  balance: number;
  occurredAt: Instant;
  recordedAt: Instant | null;
  store: { id: string; name: string; zone: string } | null;
  externalId: string | null;
  reason: string | null;
  explanation: readonly { code: string; text: string }[];
}

export const cardSchema = z
  .object({
    id: z.string(),
    code: z.string(),
    shortCode: z.string(),
    status: z.enum(['active', 'blocked', 'merged', 'closed']),
    customerId: z.string(),
    programId: z.string(),
    programName: z.string(),
    unit: z.enum(['stamp', 'point']),
    balance: presentedAmount,
    asOf: z
      .object({ at: z.iso.datetime(), by: z.enum(['event', 'recorded']) })
      .nullable()
      .meta({ description: 'What the balance is as of; null for now. The rest is as it is now.' }),
    debt: presentedAmount,
    progress: z
      .object({ current: presentedAmount, target: presentedAmount, text: z.string() })
      .nullable(),
    expiring: z
      .array(z.object({ amount: presentedAmount, expiresAt: z.iso.datetime() }))
      .meta({ description: 'What expires next, soonest first.' }),
    openedAt: z.iso.datetime(),
  })
  .meta({ id: 'Card' });

const MAX_EXPIRING = 12;

/** A card as an owner sees it. */
export function presentCard(
  { card, program, openedAt, balanceThen }: CardPage,
  asOf: { at: Instant; by: AsOfBy } | undefined,
): z.output<typeof cardSchema> {
  const { unit } = program;
  const cost = program.versions.find((v) => v.number === card.versionNumber)?.autoReward?.cost;
  const target = cost === undefined ? null : toLedgerUnits(cost, unit);
  return {
    id: card.id,
    code: card.code,
    shortCode: shortCodeOf(card.code),
    status: card.status,
    customerId: card.customerId,
    programId: program.id,
    programName: program.name,
    unit,
    balance: presentAmount(balanceThen ?? card.balance, unit),
    asOf: asOf ? { at: new Date(asOf.at).toISOString(), by: asOf.by } : null,
    debt: presentAmount(card.debt, unit),
    progress:
      target === null
        ? null
        : {
            current: presentAmount(card.balance, unit),
            target: presentAmount(target, unit),
            text: describeProgress(card.balance, target, unit),
          },
    expiring: expiringOf(card).map(([expiresAt, amount]) => ({
      amount: presentAmount(amount, unit),
      expiresAt: new Date(expiresAt).toISOString(),
    })),
    openedAt: new Date(openedAt).toISOString(),
  };
}

/** Amounts by when they expire, soonest first. */
function expiringOf(card: Card): [expiresAt: Instant, amount: number][] {
  const byEnd = new Map<Instant, number>();
  for (const { expiresAt, remaining } of card.lots) {
    if (expiresAt !== null) byEnd.set(expiresAt, (byEnd.get(expiresAt) ?? 0) + remaining);
  }
  return [...byEnd].sort(([a], [b]) => a - b).slice(0, MAX_EXPIRING);
}

export const historyLineSchema = z
  .object({
    id: z.string().nullable().meta({ description: 'null for what has just expired.' }),
    kind: z.string(),
    amount: presentedAmount.meta({ description: 'Negative where it left the card.' }),
    debt: presentedAmount.meta({ description: 'How what the card owes changed.' }),
    balance: presentedAmount.meta({ description: 'What the card held after it.' }),
    occurredAt: z.iso.datetime(),
    recordedAt: z.iso.datetime().nullable(),
    localTime: localTimeSchema,
    store: z.object({ id: z.string(), name: z.string() }).nullable(),
    externalId: z.string().nullable(),
    reason: z.string().nullable(),
    explanation: z.array(explanationStep),
  })
  .meta({ id: 'HistoryLine' });

/** A line of history as an owner reads it: local time is the store's, or the program's. */
export function presentHistoryLine(
  line: HistoryLine,
  program: Program,
): z.output<typeof historyLineSchema> {
  const { unit } = program;
  return {
    id: line.id,
    kind: line.kind,
    amount: presentAmount(line.change, unit),
    debt: presentAmount(line.debtChange, unit),
    balance: presentAmount(line.balance, unit),
    occurredAt: new Date(line.occurredAt).toISOString(),
    recordedAt: line.recordedAt === null ? null : new Date(line.recordedAt).toISOString(),
    localTime: localTime(line.occurredAt, line.store?.zone ?? program.zone),
    store: line.store && { id: line.store.id, name: line.store.name },
    externalId: line.externalId,
    reason: line.reason,
    explanation: [...line.explanation],
  };
}
