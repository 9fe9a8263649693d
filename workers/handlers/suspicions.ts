import type { RecordedPurchase } from '../../domain/earning/decide-purchase.ts';
import type { ExceptionBooks, RaisedException } from '../../domain/exceptions/exception-books.ts';
import type { WatchedDecision } from '../../domain/fraud/decide-watched.ts';
import type { FraudBooks } from '../../domain/fraud/fraud-books.ts';
import { holds, type Suspicion } from '../../domain/fraud/rules.ts';
import type { Sighting } from '../../domain/fraud/sightings.ts';
import type { Approval, ApprovalId, Approvals, Approver } from '../../domain/tenancy/approval.ts';
import type {
  CardId,
  CustomerId,
  IdSource,
  ProgramId,
  TransactionId,
} from '../../domain/values/ids.ts';
import type { Money } from '../../domain/values/money.ts';
import { presentAmount } from '../../domain/values/units.ts';
import type { Envelope } from '../../queues/envelope.ts';
import type { WorkOutcome } from './command.ts';

/** What a held sale waits for, as it is kept with its approval and shown to who decides. */
export interface HeldSale {
  transactionId: TransactionId;
  /** The till's own id of it. */
  externalId: string;
  customerId: CustomerId;
  storeId: string;
  occurredAt: string;
  total: Money;
  cards: {
    programId: ProgramId;
    cardId: CardId;
    wouldEarn: number | string;
    reasons: { rule: string; text: string }[];
  }[];
}

/** Puts a flagged sale, redemption or gift on the owner's list. */
export function suspicionOf(
  message: Envelope,
  about: {
    transactionId: TransactionId;
    sighting: Sighting;
    total?: Money;
    found: ReadonlyMap<ProgramId, readonly Suspicion[]>;
  },
  ids: IdSource,
): RaisedException {
  const { transactionId, sighting, total, found } = about;
  const { businessId, customerId, staffId, storeId, occurredAt } = sighting;
  const reasons = [...found].flatMap(([programId, suspicions]) =>
    suspicions.map(({ rule, text }) => ({ rule, programId, text })),
  );
  return {
    id: ids.id('exc'),
    businessId,
    kind: 'suspicion',
    jobId: message.id,
    detail: {
      command: message.type,
      transactionId,
      storeId,
      staffId,
      customerId,
      occurredAt: new Date(occurredAt).toISOString(),
      ...(total && { total }),
      reasons,
    },
  };
}

/** Who is told of a sale: those who decide, of what is held; the owner, of what looks wrong. */
export function tellOf(
  message: Envelope,
  sale: {
    transactionId: TransactionId;
    externalId: string;
    sighting: Sighting;
    decided: RecordedPurchase;
    watched: WatchedDecision;
  },
  ids: IdSource,
): { held: Omit<Approval, 'status'>[]; flagged: RaisedException[] } {
  const { transactionId, externalId, sighting, decided, watched } = sale;
  const { approvalId: id, flagged: found } = watched;
  const { total: amount, currency } = decided.purchase;
  const about = { transactionId, sighting, total: { amount, currency }, found };
  return {
    held: id ? [approvalOfSale(message, { id, transactionId, externalId, decided, sighting })] : [],
    flagged: found.size > 0 ? [suspicionOf(message, about, ids)] : [],
  };
}

/** What handlers that watch work with, beside their own. */
export interface WatchRepos {
  fraud: FraudBooks;
  approvals: Approvals;
  exceptions: ExceptionBooks;
}

/**
 * What becomes of something that looks wrong: it waits for an approval, or goes on and is listed.
 * @returns the outcome of a command that waits; undefined where it goes on
 */
export async function holdOrFlag(
  { approvals, exceptions }: WatchRepos,
  message: Envelope,
  about: {
    /** Of what will be in the books if it goes on. */
    transactionId: TransactionId;
    sighting: Sighting;
    programId: ProgramId;
    found: readonly Suspicion[];
    /** What it is about: a card or a reward. */
    subjectId: string;
  },
  ids: IdSource,
): Promise<WorkOutcome | undefined> {
  const { transactionId, sighting, programId, found, subjectId } = about;
  if (found.length === 0) return undefined;
  if (!holds(found)) {
    const suspicion = { transactionId, sighting, found: new Map([[programId, found]]) };
    await exceptions.raise(suspicionOf(message, suspicion, ids));
    return undefined;
  }
  const id = ids.id('apr');
  const reasons = found.map(({ rule, text }) => ({ rule, text }));
  await approvals.request({
    id,
    businessId: message.businessId,
    kind: message.type,
    payload: { ...(message.payload as object), held: { customerId: sighting.customerId, reasons } },
    jobId: message.id,
    requestHash: message.requestHash,
    subjectId,
    requestedBy: responsible(message, sighting),
    requestedAt: Date.parse(message.receivedAt),
  });
  const auditDetail = { waitsFor: 'approval', reasons };
  return { status: 'waiting', result: { held: { approvalId: id, reasons } }, auditDetail };
}

/** Who is responsible for what is watched, and so cannot approve it. */
export function responsible({ principal }: Envelope, { staffId }: Sighting): Approver {
  return staffId === null
    ? { kind: principal.kind, id: principal.id }
    : { kind: 'staff', id: staffId };
}

/** Asks for somebody's approval of a held sale. */
function approvalOfSale(
  message: Envelope,
  about: {
    id: ApprovalId;
    transactionId: TransactionId;
    externalId: string;
    decided: RecordedPurchase;
    sighting: Sighting;
  },
): Omit<Approval, 'status'> {
  const { id, transactionId, externalId, decided, sighting } = about;
  const { purchase, customerId } = decided;
  if (!customerId) throw new Error('nothing is held of a sale for nobody');
  const payload: HeldSale = {
    transactionId,
    externalId,
    customerId,
    storeId: purchase.store.id,
    occurredAt: new Date(purchase.occurredAt).toISOString(),
    total: { amount: purchase.total, currency: purchase.currency },
    cards: decided.cards.flatMap(({ card, program, held }) =>
      held
        ? [
            {
              programId: program.id,
              cardId: card.id,
              wouldEarn: presentAmount(held.wouldEarn, program.unit),
              reasons: held.suspicions.map(({ rule, text }) => ({ rule, text })),
            },
          ]
        : [],
    ),
  };
  return {
    id,
    businessId: message.businessId,
    kind: message.type,
    payload,
    jobId: message.id,
    requestHash: message.requestHash,
    subjectId: transactionId,
    requestedBy: responsible(message, sighting),
    requestedAt: Date.parse(message.receivedAt),
  };
}
