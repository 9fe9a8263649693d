import type { Card } from '../../../domain/ledger/card.ts';
import type { RefundState, RefundableSale } from '../../../domain/refunds/decide-refund.ts';
import type { SpentPoints } from '../../../domain/refunds/points-back.ts';
import type { CardHome, RefundBooks } from '../../../domain/refunds/refund-books.ts';
import { type UsedReward, usesRewards } from '../../../domain/refunds/restore-used.ts';
import type { OwnedReward } from '../../../domain/rewards/reward-books.ts';
import type { BusinessConfig } from '../../../domain/earning/decide-purchase.ts';
import { paidWithPoints } from '../../../domain/earning/purchase.ts';
import type { BusinessId } from '../../../domain/values/ids.ts';
import type { Instant } from '../../../domain/values/time.ts';
import { findLevels } from './held-levels.ts';
import type { RefundTransaction } from './refund-transaction.ts';

/** A sale with all that its refund may change, held until the transaction ends. */
export interface HeldSale extends Omit<RefundState, 'config'> {
  /** Rewards that the sale used up. */
  used: readonly UsedReward[];
}

/**
 * Takes hold of a sale and of the cards that its refund may change: of whoever it earned for by now,
 * since its receipt may have been claimed and its customer merged, of whoever has the cards that it
 * earned on, and of those whose rewards it used. Claims, merges and other refunds of the sale have ended before, or wait.
 */
export async function holdSale(
  transaction: RefundTransaction,
  found: RefundableSale,
  on: { businessId: BusinessId; config: BusinessConfig; at: Instant },
): Promise<HeldSale> {
  const { refunds, tiers } = transaction;
  const { businessId, config, at } = on;
  // Two refunds of an anonymous sale share no card to queue up for.
  await transaction.exclusively(`refund-of:${found.id}`);
  // As a claim of the receipt does.
  if (found.claimCode !== null) await transaction.exclusively(`${businessId} ${found.claimCode}`);
  const { sale, cards, used, spent, ...parties } = await lockParties(
    transaction,
    businessId,
    found,
  );

  const judgements = sale.judgement?.cards ?? [];
  const homes = new Map(parties.homes.map(({ cardId, home }) => [cardId, home]));
  const current = judgements.map(({ cardId, lotId }) => ({
    cardId: homes.get(cardId) ?? cardId,
    lotId,
  }));
  return {
    sale,
    cards,
    used: await withFunding(refunds, businessId, { used, cards }),
    homes,
    past: await refunds.loadPast(businessId, sale.id),
    levels: await findLevels(tiers, businessId, { judgements, homes, config, at }),
    holdings: await refunds.loadHoldings(businessId, current),
    spent,
  };
}

/** What had paid for used rewards matters only where something is owed. */
async function withFunding(
  refunds: RefundBooks,
  businessId: BusinessId,
  { used, cards }: { used: readonly OwnedReward[]; cards: readonly Card[] },
): Promise<UsedReward[]> {
  const rewards: UsedReward[] = [];
  for (const reward of used) {
    const card = cards.find(({ id }) => id === reward.cardId);
    const isOwing = card !== undefined && card.debt > 0 && reward.cost > 0;
    const funding = isOwing ? await refunds.findFunding(businessId, reward) : { owed: 0, lots: [] };
    rewards.push({ reward, ...funding });
  }
  return rewards;
}

interface Parties {
  sale: RefundableSale;
  used: readonly OwnedReward[];
  spent: SpentPoints | undefined;
  /** Of the cards that it earned on, and of the one whose points it was paid with. */
  homes: readonly CardHome[];
}

async function lockParties(
  transaction: RefundTransaction,
  businessId: BusinessId,
  found: RefundableSale,
): Promise<Parties & { cards: readonly Card[] }> {
  const { books } = transaction;
  let parties = await findParties(transaction, businessId, found);
  for (;;) {
    const customers = customersOf(parties);
    const cards = customers.length > 0 ? await books.lockCards(businessId, customers) : [];
    const now = await findParties(transaction, businessId, found);
    if (customersOf(now).join() === customers.join()) return { ...now, cards };
    // Somebody was merged while we waited for their cards.
    parties = now;
  }
}

async function findParties(
  { refunds, rewards }: RefundTransaction,
  businessId: BusinessId,
  { id, receipt }: RefundableSale,
): Promise<Parties> {
  const sale = await refunds.findSale(businessId, { id });
  if (!sale) throw new Error(`${id} is not there any more`);
  const used = usesRewards(receipt) ? await rewards.findRedeemedIn(businessId, id) : [];
  const isPaidWithPoints = paidWithPoints(sale.receipt) > 0;
  const spent = isPaidWithPoints ? await refunds.findSpentPoints(businessId, id) : undefined;
  const cardIds = (sale.judgement?.cards ?? []).map(({ cardId }) => cardId);
  if (spent) cardIds.push(spent.cardId);
  const homes = cardIds.length > 0 ? await refunds.findHomes(businessId, cardIds) : [];
  return { sale, used, spent, homes };
}

/** A card may have gone back, with an undone merge, to somebody else than the sale's customer. */
function customersOf({ sale, used, homes }: Parties) {
  const owners = [...used, ...homes].map(({ customerId }) => customerId);
  return [...new Set(sale.customerId ? [sale.customerId, ...owners] : owners)].toSorted();
}
