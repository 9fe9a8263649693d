import { adjustCard } from '../../../domain/ledger/adjust.ts';
import { cardEntry } from '../../../domain/ledger/card-entry.ts';
import type { LedgerBooks } from '../../../domain/ledger/books.ts';
import { step } from '../../../domain/earning/explanation.ts';
import type { CounterBooks } from '../../../domain/counter/counter-books.ts';
import type { BusinessId, IdSource } from '../../../domain/values/ids.ts';
import { type Instant, localDate } from '../../../domain/values/time.ts';
import {
  describeAmount,
  ledgerUnitsPerWhole,
  presentAmount,
  toLedgerUnits,
} from '../../../domain/values/units.ts';
import type { AdjustCardPayload } from '../../../queues/commands/adjust-card.ts';
import { balanceChanged } from '../card-events.ts';
import type { WorkOutcome } from '../command.ts';
import { type Doer, ownCustomers } from '../self-award.ts';

/** An adjustment that somebody asked for: as a command, or approved by a second person. */
export interface AdjustmentRequest {
  businessId: BusinessId;
  payload: AdjustCardPayload;
  /** Who asked. */
  principal: Doer;
  /** Who approved it, where that took a second person. */
  approver?: Doer;
  jobId: string;
  requestHash: string;
  at: Instant;
}

/**
 * Decides an adjustment and writes it, unless `isTooMuch` says that it takes a second person. Nobody
 * adjusts their own card, nor approves it.
 * @returns `waiting`, with nothing written, when it is too much
 */
export async function makeAdjustment(
  { books, counter, ids }: { books: LedgerBooks; counter: CounterBooks; ids: IdSource },
  request: AdjustmentRequest,
  isTooMuch: (wholeUnits: number, limit: number | null) => boolean = () => false,
): Promise<WorkOutcome> {
  const { businessId, payload, principal, at } = request;
  const subjectId = payload.cardId;
  const card = await books.lockCard(businessId, payload.cardId);
  const config = await books.loadConfig(businessId);
  const program = config?.programs.find((p) => p.id === card?.programId);
  if (!card || !program) return { status: 'declined', code: 'unknown-card', subjectId };
  for (const doer of [principal, request.approver]) {
    const own = doer ? await ownCustomers({ counter }, businessId, doer) : [];
    if (own.includes(card.customerId)) return { status: 'declined', code: 'self-award', subjectId };
  }
  const { unit } = program;
  if (unit === 'stamp' && payload.amount.includes('.')) {
    return { status: 'declined', code: 'fraction-of-a-stamp', subjectId };
  }
  const sign = payload.amount.startsWith('-') ? -1 : 1;
  const amount = sign * toLedgerUnits(payload.amount.replace(/^-/, ''), unit);
  const decision = adjustCard({ card, program, amount, at }, ids);
  if (decision.kind === 'refused') return { status: 'declined', code: decision.code, subjectId };
  const limit = config?.business.adjustmentLimit ?? null;
  if (isTooMuch(Math.abs(amount) / ledgerUnitsPerWhole(unit), limit)) {
    return { status: 'waiting', subjectId };
  }
  const { change } = decision;
  const id = ids.id('txn');
  const verb = amount > 0 ? 'added' : 'taken away';
  const text = `${describeAmount(Math.abs(amount), unit)} ${verb}: ${payload.reason}`;
  const adjustment = {
    id,
    cardId: card.id,
    programId: program.id,
    unit,
    amount: presentAmount(amount, unit),
    balance: presentAmount(change.card.balance, unit),
    reason: payload.reason,
    explanation: [step('adjusted', text)],
  };
  const entry = cardEntry({
    id,
    businessId,
    kind: 'adjustment',
    integration: `${principal.kind}:${principal.id}`,
    externalId: request.jobId,
    requestHash: request.requestHash,
    occurredAt: at,
    businessDate: localDate(at, program.zone),
    receipt: payload,
    outcome: adjustment,
    change,
    events: [balanceChanged(change.card, { transactionId: id, change: amount, unit }, ids)],
  });
  await books.write([entry]);
  return {
    status: 'completed',
    transactionId: id,
    result: { adjustment },
    subjectId,
    auditDetail: { amount: payload.amount, reason: payload.reason },
  };
}
