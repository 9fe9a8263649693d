import { claimCodeOf } from '../../../domain/customers/claim.ts';
import type {
  BusinessConfig,
  KnownCustomer,
  RecordedPurchase,
} from '../../../domain/earning/decide-purchase.ts';
import {
  payWithPoints,
  presentSpending,
  withCard,
} from '../../../domain/earning/pay-with-points.ts';
import { FactsSoFar } from '../../../domain/earning/facts-so-far.ts';
import type {
  CustomerReference,
  LoadedPurchase,
  LoadedPurchases,
  PurchaseQuery,
} from '../../../domain/earning/purchase-store.ts';
import {
  type BookEntry,
  type NewCustomer,
  requireBalance,
} from '../../../domain/ledger/book-entry.ts';
import { judgementOf } from '../../../domain/refunds/judgement.ts';
import type { FinishedJob } from '../../../domain/ledger/finished-job.ts';
import { presentOutcome } from '../../../domain/earning/outcome.ts';
import type { RaisedException } from '../../../domain/exceptions/exception-books.ts';
import { decideWatched } from '../../../domain/fraud/decide-watched.ts';
import {
  type NewcomerSale,
  type Sighting,
  SightingsSoFar,
  watchReachMs,
} from '../../../domain/fraud/sightings.ts';
import type { Approval } from '../../../domain/tenancy/approval.ts';
import { purchaseReference } from '../../../domain/offers/contribution.ts';
import { feedPurchase } from '../../../domain/offers/feed-purchase.ts';
import type { Program } from '../../../domain/programs/program.ts';
import type { IdSource, TransactionId } from '../../../domain/values/ids.ts';
import type { CommandOutcome } from '../../../queues/outcome.ts';
import { expiryEntry } from '../expiry-entries.ts';
import { tellOf } from '../suspicions.ts';
import { awardEntry, offerEvents } from '../offer-entries.ts';
import { purchaseEvents } from './events.ts';
import { paymentEntry } from './point-payments.ts';
import { type UsedVoucher, useVoucher } from './vouchers.ts';
import { WorkingSet } from './working-set.ts';
import { type Message, toCommand } from './read-message.ts';

/** A query with its place in the batch. */
type PlacedQuery = PurchaseQuery & { ordinal: number };

/** Decides message after message and gathers what is to be written. */
export class Batch {
  readonly entries: BookEntry[] = [];
  readonly jobs: FinishedJob[] = [];
  /** What waits for approval, and what the owner should look at. */
  readonly held: Omit<Approval, 'status'>[] = [];
  readonly flagged: RaisedException[] = [];
  readonly newcomers: NewcomerSale[] = [];
  readonly #state: WorkingSet;
  readonly #facts: FactsSoFar;
  readonly #seen: SightingsSoFar | undefined;
  readonly #ids: IdSource;
  /** Whether it was recorded before: then it is paid, and somebody has looked at it. */
  readonly #isStored: boolean;
  /** Transactions this batch makes, by integration and external id. */
  readonly #made = new Map<string, { transactionId: TransactionId; requestHash: string }>();
  /** Outcomes by job: after a stall the queue may hand over a job twice in one batch. */
  readonly #ended = new Map<string, CommandOutcome>();

  constructor(loaded: LoadedPurchases, ids: IdSource, { isStored } = { isStored: false }) {
    this.#isStored = isStored;
    this.#state = new WorkingSet(loaded);
    this.#facts = new FactsSoFar(loaded.facts);
    this.#seen = isStored ? undefined : new SightingsSoFar(loaded.sightings);
    this.#ids = ids;
  }

  decide(message: Message, query: PlacedQuery, loaded: LoadedPurchase): CommandOutcome {
    const { finishedJob } = loaded;
    if (finishedJob && finishedJob.status !== 'failed') return repeatOutcome(finishedJob);
    const ended = this.#ended.get(message.id);
    if (ended) return ended;

    const recorded = loaded.recorded ?? this.#made.get(externalKey(query));
    if (recorded) {
      const same = recorded.requestHash === message.requestHash;
      return same
        ? this.#finish(message, { status: 'completed', transactionId: recorded.transactionId })
        : this.#finish(message, { status: 'declined', code: 'external-id-reused' });
    }
    if (!loaded.config)
      return this.#finish(message, { status: 'declined', code: 'unknown-business' });
    const { principal } = message;
    // Who rings it up at a counter may have been removed since the edge let them in.
    if (principal.kind === 'staff' && loaded.staff !== principal.role) {
      return this.#finish(message, { status: 'declined', code: 'forbidden' });
    }
    return this.#record(message, query, { ...loaded, config: loaded.config });
  }

  #record(
    message: Message,
    query: PlacedQuery,
    loaded: LoadedPurchase & { config: NonNullable<LoadedPurchase['config']> },
  ): CommandOutcome {
    const known = this.#state.customerOf(query, loaded.customerId);
    const earnings = this.#state.earningsOf(known);
    const command = toCommand(message);
    const payment = this.#isStored
      ? ({ kind: 'none' } as const)
      : payWithPoints(command, loaded.config, known);
    // What is paid with points is spent before the sale earns.
    const customer = payment.kind === 'paid' ? withCard(known, payment.change.card) : known;
    const sighting = sightingOf(query, known);
    const watched = decideWatched(
      command,
      { config: loaded.config, customer, earnings, facts: this.#factsOf(query, customer) },
      { seen: this.#seen, sighting, ordinal: query.ordinal },
      this.#ids,
    );
    const { decided } = watched;
    if (decided.kind === 'refused') {
      return this.#finish(message, { status: 'declined', code: decided.code });
    }
    // A sale that waits for somebody's look moves nothing, so it cannot lack anything either.
    const isKeptOnly = decided.status === 'review';
    if (payment.kind === 'refused' && !isKeptOnly) {
      return this.#finish(message, { status: 'declined', code: payment.code });
    }
    const paid = payment.kind === 'paid' && !isKeptOnly ? payment : undefined;
    // First, so that the card's history tells it first.
    this.#expire(message, decided.expiries, loaded.config.programs);
    const id = this.#ids.id('txn');
    const sale = { id, reference: purchaseReference(query) };
    const fed = feedPurchase(decided, this.#state.offersOf(customer), sale, this.#ids);
    const decision = withStaffNote(fed.decision, loaded.staff);
    requireBalance(...decision.cards);

    if (paid) this.#state.keepCard(paid.change.card);
    const claimCode = isAnonymous(decision) ? { claimCode: claimCodeOf(this.#ids.code()) } : {};
    this.#state.apply(query, decision);
    this.#state.feed(fed.feedings);
    const vouchers = this.#useVouchers(message, query, {
      id,
      decision,
      programs: loaded.config.programs,
    });
    const outcome = {
      ...presentOutcome(decision, { id, externalId: query.externalId }),
      ...(paid && { pointsSpent: presentSpending(paid) }),
      ...(vouchers.length > 0 && { vouchers: vouchers.map(({ outcome: used }) => used) }),
      ...claimCode,
    };
    const { customer: _, ...receipt } = message.payload;
    this.#facts.apply(query.businessId, decision.customerId, decision.cards);
    this.#made.set(externalKey(query), { transactionId: id, requestHash: message.requestHash });
    this.#look(message, loaded.config, {
      transactionId: id,
      externalId: query.externalId,
      sighting,
      decided: decision,
      watched,
    });
    if (paid) {
      const sold = { id, purchase: decision.purchase };
      this.entries.push(paymentEntry(paid, sold, { message, ids: this.#ids }));
    }
    this.entries.push({
      id,
      businessId: query.businessId,
      kind: 'purchase',
      integration: query.integration,
      externalId: query.externalId,
      requestHash: message.requestHash,
      storeId: decision.purchase.store.id,
      customerId: decision.customerId,
      status: decision.status,
      occurredAt: decision.purchase.occurredAt,
      receivedAt: Date.parse(message.receivedAt),
      businessDate: decision.purchase.businessDate,
      originalId: null,
      ...claimCode,
      receipt,
      judgement: judgementOf(decision.cards),
      outcome,
      newCustomer: newCustomerOf(decision, query.customer),
      cards: decision.cards,
      offers: fed.feedings,
      events: [
        ...purchaseEvents(decision, outcome, this.#ids),
        ...offerEvents(fed.feedings, this.#ids),
      ],
    });
    for (const award of fed.awards) {
      const cause = { message, originalId: id, storeId: decision.purchase.store.id };
      this.entries.push(awardEntry(award, cause, this.#ids));
    }
    this.entries.push(...vouchers.flatMap(({ entry }) => entry ?? []));
    return this.#finish(message, { status: 'completed', transactionId: id });
  }

  /** What had expired on the card by the sale. */
  #expire(
    message: Message,
    expiries: RecordedPurchase['expiries'],
    programs: readonly Program[],
  ): void {
    for (const expiry of expiries) {
      const program = programs.find((p) => p.id === expiry.change.card.programId);
      if (!program) throw new Error(`no program ${expiry.change.card.programId}`);
      const { businessId } = message;
      const receivedAt = Date.parse(message.receivedAt);
      this.entries.push(expiryEntry(expiry, { businessId, program, receivedAt }, this.#ids));
    }
  }

  /** What later sales are watched by, and what a person has to look at or approve. */
  #look(message: Message, config: BusinessConfig, sale: Parameters<typeof tellOf>[1]): void {
    const { sighting, decided } = sale;
    const { customerId } = decided;
    const seen = { ...sighting, customerId };
    this.#seen?.see(seen);
    if (decided.isNewCustomer && customerId && watchReachMs(config, sighting.storeId) > 0) {
      const totalMinor = message.payload.total;
      this.newcomers.push({ ...seen, customerId, jobId: message.id, totalMinor });
    }
    const told = tellOf(message, sale, this.#ids);
    this.held.push(...told.held);
    this.flagged.push(...told.flagged);
  }

  /** Uses up the rewards that a sale names; each sees what the ones before it did. */
  #useVouchers(
    message: Message,
    query: PurchaseQuery,
    sale: { id: TransactionId; decision: RecordedPurchase; programs: readonly Program[] },
  ): UsedVoucher[] {
    const { purchase, status } = sale.decision;
    return (query.voucherCodes ?? []).map((code) => {
      const used = useVoucher(
        code,
        this.#state.voucherOf(query, code, sale.programs),
        {
          transactionId: sale.id,
          store: purchase.store,
          at: purchase.occurredAt,
          by: `${message.principal.kind}:${message.principal.id}`,
          isInReview: status === 'review',
        },
        { message, ids: this.#ids },
      );
      this.#state.useUp(query, used.use);
      return used;
    });
  }

  #factsOf(query: PlacedQuery, customer: KnownCustomer) {
    return this.#facts.factsOf({
      ordinal: query.ordinal,
      businessId: query.businessId,
      customerId: customer.kind === 'known' ? customer.id : null,
      occurredAt: query.occurredAt,
    });
  }

  #finish(message: Message, outcome: CommandOutcome): CommandOutcome {
    this.#ended.set(message.id, outcome);
    this.jobs.push({
      id: message.id,
      businessId: message.businessId,
      type: message.type,
      requestHash: message.requestHash,
      receivedAt: Date.parse(message.receivedAt),
      status: outcome.status,
      transactionId: outcome.status === 'completed' ? outcome.transactionId : null,
      problem: outcome.status === 'declined' ? { code: outcome.code } : null,
      result: null,
    });
    return outcome;
  }
}

function repeatOutcome(job: NonNullable<LoadedPurchase['finishedJob']>): CommandOutcome {
  return job.transactionId
    ? { status: 'completed', transactionId: job.transactionId }
    : { status: 'declined', code: job.problem?.code ?? 'declined' };
}

function sightingOf(query: PurchaseQuery, known: KnownCustomer): Sighting {
  const { businessId, storeId, occurredAt, staffId = null } = query;
  const customerId = known.kind === 'known' ? known.id : null;
  return { businessId, customerId, staffId, storeId, occurredAt };
}

function newCustomerOf(
  decision: RecordedPurchase,
  reference: CustomerReference | null,
): NewCustomer | null {
  if (!decision.isNewCustomer || !decision.customerId) return null;
  const isContact = reference?.kind === 'phone' || reference?.kind === 'email';
  const contact = isContact ? { kind: reference.kind, value: reference.value } : null;
  return { id: decision.customerId, contact };
}

/** Whoever is named is capped as anybody is; that nobody knows them is for the shop to look into. */
function withStaffNote(decision: RecordedPurchase, staff: string | undefined): RecordedPurchase {
  if (staff !== 'unknown') return decision;
  return { ...decision, notes: [...decision.notes, 'unknown-staff'] };
}

/** A sale that named nobody, which somebody may claim. One in review earns nothing to claim. */
function isAnonymous(decision: RecordedPurchase): boolean {
  return decision.customerId === null && decision.status === 'recorded';
}

function externalKey(query: PurchaseQuery): string {
  return `${query.businessId} ${query.integration} ${query.externalId}`;
}
