import { mayUnmerge, unmergeCards } from '../../../domain/customers/merge.ts';
import { unmergeProfiles } from '../../../domain/customers/merge-profiles.ts';
import type { CardPlace, Merge } from '../../../domain/customers/merges.ts';
import { levelBefore, withLevel } from '../../../domain/customers/merge-levels.ts';
import type { Card } from '../../../domain/ledger/card.ts';
import type { TierHolding } from '../../../domain/tiers/tiers.ts';
import type { CardId } from '../../../domain/values/ids.ts';
import type { Instant } from '../../../domain/values/time.ts';
import { createCommandHandler } from '../command.ts';
import { type CustomerDependencies, lockCustomer } from '../customer-work.ts';
import { requireBalance } from '../../../domain/ledger/book-entry.ts';
import { type Books, mergeEntry } from '../merge-customers/entry.ts';
import type { MergeRepos } from '../merge-customers/merge-customers.ts';

/**
 * Takes a merge back. Outcomes: `completed` with the customer who is there again, or `declined` as
 * `not-merged`, `customer-merged` (the survivor was merged too: that comes first), `too-late-to-undo`
 * or `already-spent`.
 */
export function createUnmergeCustomersHandler(dependencies: CustomerDependencies<MergeRepos>) {
  const { ids } = dependencies;
  return createCommandHandler<'unmerge-customers', MergeRepos>(
    dependencies,
    async ({ books, customers, merges, tiers }, message) => {
      const { businessId, payload } = message;
      const { mergedId } = payload;
      const declined = (code: string) => ({
        status: 'declined' as const,
        code,
        subjectId: mergedId,
      });
      const merge = await merges.find(businessId, mergedId);
      if (!merge) return declined('not-merged');
      const { survivorId } = merge;
      await books.lockCards(businessId, [survivorId]);
      await customers.lock(businessId, [survivorId, mergedId]);
      const cards = await books.lockCards(businessId, [survivorId]);
      // Somebody may have taken it back, or merged on, while we waited.
      if ((await merges.find(businessId, mergedId))?.id !== merge.id) return declined('not-merged');
      const found = await lockCustomer(customers, businessId, survivorId);
      if ('declined' in found) return found.declined;
      const [merged] = await customers.lock(businessId, [mergedId]);
      if (!merged) return declined('not-merged');

      const at = Date.parse(message.receivedAt);
      if (!mayUnmerge(merge, at)) return declined('too-late-to-undo');
      const fromCards = await merges.lockMerged(
        businessId,
        merge.pairs.map((pair) => pair.from),
      );
      const levels = await tiers.historyOf(
        businessId,
        merge.pairs.map((pair) => pair.into),
      );
      const undone = undo(merge, { cards, fromCards, levels, at });
      if (!undone) return declined('already-spent');

      for (const pair of merge.pairs) {
        await merges.moveBack(businessId, pair, { cardId: pair.from, customerId: mergedId });
      }
      for (const { cardId, offerIds } of merge.handedOver) {
        await merges.moveBack(businessId, { offerIds }, { cardId, customerId: mergedId });
      }
      const theirs = undone.places.filter((place) => place.customerId === mergedId);
      const cardIds = theirs.map((place) => place.id);
      await merges.moveUses(businessId, { customerId: survivorId, cardIds }, mergedId);
      await merges.placeCards(businessId, undone.places);
      await merges.placeCustomers(businessId, [mergedId], null);
      await merges.placeCustomers(businessId, merge.earlier.customers, mergedId);
      const profiles = unmergeProfiles(found.customer.profile, merged.profile, merge.profile);
      await customers.save(businessId, { id: survivorId, profile: profiles.survivor });
      await customers.save(businessId, { id: mergedId, profile: profiles.merged });
      for (const tag of merge.profile.tags) await customers.removeTag(businessId, survivorId, tag);
      await merges.close(businessId, merge.id, at);

      const id = ids.id('txn');
      const config = await books.loadConfig(businessId);
      const { changes } = undone;
      const entry = mergeEntry(
        { message, id, at, kind: 'unmerge', survivorId, mergedId, config, changes },
        ids,
      );
      await books.write([{ ...entry, originalId: merge.id }]);
      return {
        status: 'completed',
        transactionId: id,
        result: { customer: { id: mergedId }, merge: entry.outcome },
        subjectId: mergedId,
        auditDetail: { survivorId },
      };
    },
  );
}

/** Undefined where something was spent: then nothing is taken back, of no card. */
function undo(
  merge: Merge,
  now: {
    cards: readonly Card[];
    fromCards: readonly Card[];
    levels: ReadonlyMap<CardId, readonly TierHolding[]>;
    at: Instant;
  },
) {
  const { mergedId } = merge;
  const { cards, fromCards, levels, at } = now;
  const places: CardPlace[] = [];
  const changes: Books['changes'][number][] = [];
  for (const pair of merge.pairs) {
    const into = cards.find((card) => card.id === pair.into);
    const from = fromCards.find((card) => card.id === pair.from);
    const apart = into && from && unmergeCards(pair, { from, into });
    if (!apart) return undefined;
    requireBalance(apart.from, apart.into);
    const level = pair.level && levelBefore(pair.level, levels.get(pair.into) ?? [], at);
    const back = { ...apart, into: withLevel(apart.into, level ?? null) };
    changes.push(back);
    for (const { card } of [back.from, back.into]) {
      const customerId = card.id === pair.from ? mergedId : merge.survivorId;
      const { id, status, sequence } = card;
      places.push({ id, customerId, status, sequence, mergedInto: null });
    }
  }
  for (const { cardId, lots } of merge.handedOver) {
    const card = cards.find((c) => c.id === cardId);
    const isUntouched = lots.every(
      ({ lotId, remaining }) =>
        (card?.lots.find((lot) => lot.id === lotId)?.remaining ?? 0) >= remaining,
    );
    if (!card || !isUntouched) return undefined;
    places.push({ id: cardId, customerId: mergedId, status: card.status, mergedInto: null });
  }
  for (const { cardId, mergedInto } of merge.earlier.cards) {
    places.push({ id: cardId, customerId: mergedId, status: 'merged', mergedInto });
  }
  return { places, changes };
}
