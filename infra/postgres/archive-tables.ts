import type { IdKind } from '../../domain/values/ids.ts';
import { CUSTOMER_MAILS } from '../../domain/values/mail-kinds.ts';
import type { Unit } from '../../domain/values/units.ts';

/** How a cell is shown: an id of a kind, an amount of the row's unit or of its own, a moment, a document. */
export type Shape = 'plain' | 'json' | 'time' | 'amount' | { id: IdKind } | { amount: Unit };

/** A table of the archive: what is held, in the words of the API. Its main table is `t`. */
export interface ArchiveTable {
  /** By name, each with where it comes from. */
  columns: Readonly<Record<string, readonly [sql: string, shape: Shape]>>;
  from: string;
  /** What a page is ordered by and continued behind; unique within a business. */
  key: readonly [sql: string, type: 'uuid' | 'int' | 'text' | 'timestamptz'][];
  /** The unit of its amounts, where it has any. */
  unit?: string;
  /** Whose rows an archive of one customer holds (`$2` is uuid[]); absent where none are theirs. */
  whose?: string;
  /** Whether its columns differ from business to business. */
  isOwn?: boolean;
}

const id = (kind: IdKind): Shape => ({ id: kind });
const ofCustomer = 't.customer_id = ANY ($2)';
const ofTheirCards = `t.card_id IN (SELECT c.id FROM loyalty.cards c
    WHERE c.business_id = $1 AND c.customer_id = ANY ($2))`;
const program = 'JOIN loyalty.programs p ON p.business_id = t.business_id AND p.id = t.program_id';
const cardsProgram = `JOIN loyalty.cards c ON c.business_id = t.business_id AND c.id = t.card_id
    JOIN loyalty.programs p ON p.business_id = t.business_id AND p.id = c.program_id`;
const byId: ArchiveTable['key'] = [['t.id', 'uuid']];

export const archiveTables = {
  cards: {
    columns: {
      id: ['t.id', id('crd')],
      customerId: ['t.customer_id', id('cus')],
      programId: ['t.program_id', id('prg')],
      programName: ['p.name', 'plain'],
      code: ['t.code', 'plain'],
      status: ['t.status', 'plain'],
      unit: ['p.unit', 'plain'],
      balance: ['t.balance', 'amount'],
      debt: ['t.debt', 'amount'],
      openedAt: ['t.opened_at', 'time'],
      mergedInto: ['t.merged_into', id('crd')],
    },
    from: `loyalty.cards t ${program}`,
    key: byId,
    unit: 'p.unit',
    whose: ofCustomer,
  },
  transactions: {
    columns: {
      id: ['t.id', id('txn')],
      kind: ['t.kind', 'plain'],
      status: ['t.status', 'plain'],
      integration: ['t.integration', 'plain'],
      externalId: ['t.external_id', 'plain'],
      storeId: ['t.store_id', id('sto')],
      customerId: ['t.customer_id', id('cus')],
      originalId: ['t.original_id', id('txn')],
      occurredAt: ['t.occurred_at', 'time'],
      receivedAt: ['t.received_at', 'time'],
      businessDate: ['t.business_date', 'plain'],
      receipt: ['t.receipt', 'json'],
      outcome: ['t.outcome', 'json'],
    },
    from: 'loyalty.transactions t',
    key: byId,
    whose: ofCustomer,
  },
  postings: {
    columns: {
      transactionId: ['t.transaction_id', id('txn')],
      ordinal: ['t.ordinal', 'plain'],
      programId: ['t.program_id', id('prg')],
      cardId: ['t.card_id', id('crd')],
      from: ['t.from_account', 'plain'],
      to: ['t.to_account', 'plain'],
      unit: ['p.unit', 'plain'],
      amount: ['t.amount', 'amount'],
      rewardId: ['t.reward_id', id('rwd')],
      occurredAt: ['t.occurred_at', 'time'],
      businessDate: ['t.business_date', 'plain'],
    },
    from: `loyalty.postings t ${program}`,
    key: [
      ['t.transaction_id', 'uuid'],
      ['t.ordinal', 'int'],
    ],
    unit: 'p.unit',
    whose: ofTheirCards,
  },
  lots: {
    columns: {
      id: ['t.id', id('lot')],
      cardId: ['t.card_id', id('crd')],
      transactionId: ['t.transaction_id', id('txn')],
      unit: ['p.unit', 'plain'],
      amount: ['t.amount', 'amount'],
      remaining: ['t.remaining', 'amount'],
      earnedAt: ['t.earned_at', 'time'],
      expiresAt: ['CASE WHEN t.lapses THEN c.active_until ELSE t.expires_at END', 'time'],
    },
    from: `loyalty.lots t ${cardsProgram}`,
    key: byId,
    unit: 'p.unit',
    whose: ofTheirCards,
  },
  rewards: {
    columns: {
      id: ['t.id', id('rwd')],
      cardId: ['t.card_id', id('crd')],
      transactionId: ['t.transaction_id', id('txn')],
      definitionId: ['t.definition_id', id('rdf')],
      code: ['t.code', 'plain'],
      name: ['t.name', 'plain'],
      benefit: ['t.benefit', 'json'],
      status: ['t.status', 'plain'],
      unit: ['p.unit', 'plain'],
      cost: ['t.cost', 'amount'],
      issuedAt: ['t.issued_at', 'time'],
      expiresAt: ['t.expires_at', 'time'],
      redeemedAt: ['t.redeemed_at', 'time'],
      redeemedIn: ['t.redeemed_in', id('txn')],
      redeemedStoreId: ['t.redeemed_store_id', id('sto')],
    },
    from: `loyalty.issued_rewards t ${cardsProgram}`,
    key: byId,
    unit: 'p.unit',
    whose: ofTheirCards,
  },
  offersGiven: {
    columns: {
      id: ['t.id', id('ofi')],
      offerId: ['t.offer_id', id('ofr')],
      programId: ['t.program_id', id('prg')],
      customerId: ['t.customer_id', id('cus')],
      cardId: ['t.card_id', id('crd')],
      terms: ['t.terms', 'json'],
      opensAt: ['t.opens_at', 'time'],
      closesAt: ['t.closes_at', 'time'],
      completedAt: ['t.completed_at', 'time'],
      completedBy: ['t.completed_by', id('txn')],
    },
    from: 'loyalty.offer_instances t',
    key: byId,
    whose: ofCustomer,
  },
  levels: {
    columns: {
      cardId: ['t.card_id', id('crd')],
      programId: ['t.program_id', id('prg')],
      level: ['t.level', 'plain'],
      since: ['t.since', 'time'],
      until: ['t.until', 'time'],
      isCurrent: ['t.is_current', 'plain'],
    },
    from: 'loyalty.card_tiers t',
    key: [
      ['t.card_id', 'uuid'],
      ['t.since', 'timestamptz'],
    ],
    whose: ofTheirCards,
  },
  signIns: {
    columns: {
      customerId: ['t.customer_id', id('cus')],
      subject: ['t.subject', 'plain'],
      linkedAt: ['t.linked_at', 'time'],
    },
    from: 'customer.identities t',
    key: [['t.subject', 'text']],
    whose: ofCustomer,
  },
  mails: {
    columns: {
      customerId: ['t.recipient_id', id('cus')],
      eventId: ['t.event_id', id('evt')],
      kind: ['t.kind', 'plain'],
      status: ['t.status', 'plain'],
      reason: ['t.reason', 'plain'],
      finishedAt: ['t.finished_at', 'time'],
    },
    from: `(SELECT * FROM business.mails WHERE kind = ANY ('{${Object.keys(CUSTOMER_MAILS).join()}}')) t`,
    key: [
      ['t.event_id', 'uuid'],
      ['t.recipient_id', 'uuid'],
    ],
    whose: 't.recipient_id = ANY ($2)',
  },
  audit: {
    columns: {
      id: ['t.id', id('aud')],
      at: ['t.recorded_at', 'time'],
      principalKind: ['t.principal_kind', 'plain'],
      principalId: ['t.principal_id', 'plain'],
      action: ['t.action', 'plain'],
      subjectId: ['t.subject_id', 'plain'],
      outcome: ['t.outcome', 'plain'],
      detail: ['t.detail', 'json'],
    },
    from: 'business.audit_log t',
    key: byId,
    // Subjects are public ids: of the customers and of their cards.
    whose: 't.subject_id = ANY ($3)',
  },
} as const satisfies Record<string, ArchiveTable>;
