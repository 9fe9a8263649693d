import { Op, type Sequelize, type Transaction as Tx } from 'sequelize';
import {
  type BusinessConfig,
  decidePurchase,
  type RecordedPurchase,
} from '../../domain/earning/decide-purchase.ts';
import { presentOutcome, type PurchaseOutcome } from '../../domain/earning/outcome.ts';
import type { Card } from '../../domain/ledger/card.ts';
import type { Lot } from '../../domain/ledger/lots.ts';
import type { TransactionId } from '../../domain/values/ids.ts';
import { idSource } from '../../infra/ids/id-source.ts';
import { fromUuid, toUuid } from '../../infra/postgres/ids.ts';
import type { RecordPurchaseBody } from '../../queues/commands/record-purchase.ts';
import { purchaseEvents } from '../../workers/handlers/record-purchase/events.ts';
import type { SyncModels } from './sync-models.ts';

export interface SyncPurchase {
  config: BusinessConfig;
  integration: string;
  body: RecordPurchaseBody;
  requestHash: string;
}

interface CardRow {
  id: string;
  programId: string;
  customerId: string;
  code: string;
  status: Card['status'];
  balance: string;
  sequence: string;
  versionNumber: number;
}

interface LotRow {
  id: string;
  cardId: string;
  earnedAt: Date;
  expiresAt: Date | null;
  remaining: string;
}

/** One purchase in one transaction: lock the cards, decide, write. Refusals are told by code. */
export function applyPurchase(
  sequelize: Sequelize,
  models: SyncModels,
  purchase: SyncPurchase,
): Promise<PurchaseOutcome | { refused: string }> {
  return sequelize.transaction(async (transaction) => {
    const { config, body } = purchase;
    const cards = await lockCards(models, purchase, transaction);
    const receivedAt = Date.now();
    const decision = decidePurchase(
      { ...body, occurredAt: Date.parse(body.occurredAt), receivedAt },
      {
        config,
        customer: cards[0]
          ? { kind: 'known', id: cards[0].customerId, cards }
          : { kind: 'unknown', reference: 'cardCode' },
        earnings: new Map(),
      },
      idSource,
    );
    if (decision.kind === 'refused') return { refused: decision.code };
    const id = idSource.id('txn');
    const outcome = presentOutcome(decision, { id, externalId: body.externalId });
    const write = { models, purchase, decision, outcome, id, receivedAt, transaction };
    await writeTransaction(write);
    await writeCards(write);
    return outcome;
  });
}

async function lockCards(
  models: SyncModels,
  { config, body }: SyncPurchase,
  transaction: Tx,
): Promise<Card[]> {
  const businessId = toUuid(config.business.id);
  const code = body.customer?.cardCode ?? '';
  const named = (await models.Card.findOne({
    where: { businessId, code },
    attributes: ['customerId'],
    raw: true,
    transaction,
  })) as unknown as CardRow | null;
  if (!named) return [];
  const cards = (await models.Card.findAll({
    where: { businessId, customerId: named.customerId },
    order: [['id', 'ASC']],
    lock: transaction.LOCK.UPDATE,
    raw: true,
    transaction,
  })) as unknown as CardRow[];
  const lots = (await models.Lot.findAll({
    where: { businessId, cardId: cards.map((card) => card.id), remaining: { [Op.gt]: 0 } },
    raw: true,
    transaction,
  })) as unknown as LotRow[];
  return cards.map((card) => toCard(card, lots));
}

function toCard(row: CardRow, lots: readonly LotRow[]): Card {
  const id = fromUuid('crd', row.id);
  return {
    ...row,
    id,
    programId: fromUuid('prg', row.programId),
    customerId: fromUuid('cus', row.customerId),
    balance: Number(row.balance),
    debt: 0,
    sequence: Number(row.sequence),
    activeUntil: null,
    lots: lots
      .filter((lot) => lot.cardId === row.id)
      .map((lot): Lot => ({
        id: fromUuid('lot', lot.id),
        cardId: id,
        earnedAt: lot.earnedAt.getTime(),
        expiresAt: lot.expiresAt?.getTime() ?? null,
        remaining: Number(lot.remaining),
      })),
  };
}

interface Write {
  models: SyncModels;
  purchase: SyncPurchase;
  decision: RecordedPurchase;
  outcome: PurchaseOutcome;
  id: TransactionId;
  receivedAt: number;
  transaction: Tx;
}

async function writeTransaction(write: Write): Promise<void> {
  const { models, purchase, decision, outcome, transaction } = write;
  const { customer: _, ...receipt } = purchase.body;
  const businessId = toUuid(purchase.config.business.id);
  const id = toUuid(write.id);
  // Without `returning`, which Sequelize adds by itself, nothing is sent back.
  const options = { transaction, returning: false };
  await models.Transaction.create(
    {
      businessId,
      id,
      kind: 'purchase',
      integration: purchase.integration,
      externalId: purchase.body.externalId,
      requestHash: purchase.requestHash,
      storeId: toUuid(decision.purchase.store.id),
      customerId: decision.customerId && toUuid(decision.customerId),
      status: decision.status,
      occurredAt: new Date(decision.purchase.occurredAt),
      receivedAt: new Date(write.receivedAt),
      businessDate: decision.purchase.businessDate,
      receipt,
      outcome,
    },
    options,
  );
  const events = purchaseEvents(decision, outcome, idSource);
  await models.Outbox.create({ id, businessId, events }, options);
}

async function writeCards({ models, purchase, decision, id, transaction }: Write): Promise<void> {
  const businessId = toUuid(purchase.config.business.id);
  const transactionId = toUuid(id);
  const options = { transaction, returning: false };
  let ordinal = 0;
  for (const { card, program, postings, newLots, draws, rewards } of decision.cards) {
    const cardId = toUuid(card.id);
    const { balance, sequence, versionNumber } = card;
    await models.Card.update(
      { balance, sequence, versionNumber },
      { where: { businessId, id: cardId }, ...options },
    );
    const rows = postings.map(({ from, to, amount, draws }) => ({
      businessId,
      transactionId,
      ordinal: ordinal++,
      programId: toUuid(program.id),
      cardId,
      fromAccount: from,
      toAccount: to,
      amount,
      draws: draws.length > 0 ? draws : null,
      occurredAt: new Date(decision.purchase.occurredAt),
      businessDate: decision.purchase.businessDate,
    }));
    await models.Posting.bulkCreate(rows, options);
    for (const newLot of newLots) {
      const { earnedAt, expiresAt, amount, remaining } = newLot;
      const times = { earnedAt, expiresAt };
      const lot = { businessId, id: toUuid(newLot.id), cardId, transactionId, ...times };
      await models.Lot.create({ ...lot, amount, remaining }, options);
    }
    for (const { lotId, amount } of draws) {
      const where = { businessId, id: toUuid(lotId) };
      await models.Lot.decrement({ remaining: amount }, { where, transaction });
    }
    const issued = rewards.map((reward) => ({
      ...reward,
      businessId,
      id: toUuid(reward.id),
      cardId,
      transactionId,
      definitionId: toUuid(reward.definitionId),
    }));
    if (issued.length > 0) await models.Reward.bulkCreate(issued, options);
  }
}
