import type { Customer } from '../../../domain/customers/customer.ts';
import { type CardPair, mergeCards } from '../../../domain/customers/merge.ts';
import {
  higherLevel,
  type MergedLevel,
  withLevel,
} from '../../../domain/customers/merge-levels.ts';
import { mergeProfiles } from '../../../domain/customers/merge-profiles.ts';
import type { CardPlace, Merge, Merges } from '../../../domain/customers/merges.ts';
import type { CounterBooks } from '../../../domain/counter/counter-books.ts';
import type { Card } from '../../../domain/ledger/card.ts';
import { type Program, versionAt } from '../../../domain/programs/program.ts';
import type { TierBooks } from '../../../domain/tiers/tier-books.ts';
import {
  ladderOf,
  latestHolding,
  type TierChange,
  type TierHolding,
} from '../../../domain/tiers/tiers.ts';
import type { BusinessId, CardId } from '../../../domain/values/ids.ts';
import type { Instant } from '../../../domain/values/time.ts';
import { createCommandHandler } from '../command.ts';
import { type CustomerDependencies, type CustomerRepos, lockCustomer } from '../customer-work.ts';
import { ownCustomers } from '../self-award.ts';
import { requireBalance } from '../../../domain/ledger/book-entry.ts';
import { type Books, mergeEntry } from './entry.ts';

export type MergeRepos = CustomerRepos & {
  merges: Merges;
  tiers: TierBooks;
  counter: CounterBooks;
};

/**
 * Makes two customers of a business one: cards of the same program become one card, other cards
 * change hands, gaps in what is known are filled. Outcomes: `completed` with the survivor, or
 * `declined` as `same-customer`, `self-award` (one of the two is whoever merges them), `unknown-customer`
 * or `customer-merged`.
 */
export function createMergeCustomersHandler(dependencies: CustomerDependencies<MergeRepos>) {
  const { ids } = dependencies;
  return createCommandHandler<'merge-customers', MergeRepos>(
    dependencies,
    async ({ books, customers, merges, tiers, counter }, message) => {
      const { businessId, payload } = message;
      const { survivorId, mergedId } = payload;
      if (survivorId === mergedId) return { status: 'declined', code: 'same-customer' };
      const own = await ownCustomers({ counter }, businessId, message.principal);
      if (own.includes(survivorId) || own.includes(mergedId)) {
        return { status: 'declined', code: 'self-award', subjectId: survivorId };
      }
      // Cards before customers, as a sale takes its locks; and cards once more, because one may have
      // been opened before the customers were held.
      await books.lockCards(businessId, [survivorId, mergedId]);
      await customers.lock(businessId, [survivorId, mergedId]);
      const found = await lockCustomer(customers, businessId, survivorId);
      if ('declined' in found) return found.declined;
      const other = await lockCustomer(customers, businessId, mergedId);
      if ('declined' in other) return other.declined;
      const cards = await books.lockCards(businessId, [survivorId, mergedId]);
      const config = await books.loadConfig(businessId);

      const at = Date.parse(message.receivedAt);
      const id = ids.id('txn');
      const levels = await tiers.historyOf(
        businessId,
        cards.map((card) => card.id),
      );
      const programs = config?.programs ?? [];
      const done = await moveCards(merges, businessId, {
        survivor: found.customer,
        merged: other.customer,
        cards,
        higher: (pair) => higherOf(pair, { levels, programs, at }),
      });
      await merges.moveUses(businessId, { customerId: mergedId }, survivorId);
      const profiles = mergeProfiles(found.customer, other.customer);
      // First what leaves, then where it arrives: nobody may have it twice in between.
      await customers.save(businessId, { id: mergedId, profile: profiles.merged });
      await customers.save(businessId, { id: survivorId, profile: profiles.survivor });
      await customers.addTags(businessId, survivorId, profiles.kept.tags);
      await merges.placeCustomers(businessId, [mergedId, ...done.earlier.customers], survivorId);
      const merge: Merge = {
        id,
        survivorId,
        mergedId,
        mergedAt: at,
        profile: profiles.kept,
        pairs: done.pairs,
        handedOver: done.handedOver,
        earlier: done.earlier,
      };
      await merges.record(businessId, merge);
      const entry = mergeEntry(
        { message, id, at, kind: 'merge', survivorId, mergedId, config, changes: done.changes },
        ids,
      );
      await books.write([entry]);
      return {
        status: 'completed',
        transactionId: id,
        result: { customer: { id: survivorId }, merge: entry.outcome },
        subjectId: survivorId,
        auditDetail: { mergedId },
      };
    },
  );
}

/** Moves what hangs on the cards of the merged customer, and says what it did. */
async function moveCards(
  merges: Merges,
  businessId: BusinessId,
  people: {
    survivor: Customer;
    merged: Customer;
    cards: readonly Card[];
    higher: (pair: CardPair) => HigherLevel | undefined;
  },
) {
  const { survivor, merged, cards, higher } = people;
  const held = (customer: Customer) => cards.filter((card) => card.customerId === customer.id);
  const earlier = await merges.findEarlier(businessId, merged.id);
  const places: CardPlace[] = [];
  const pairs: Merge['pairs'][number][] = [];
  const handedOver: Merge['handedOver'][number][] = [];
  const changes: Books['changes'][number][] = [];

  for (const from of held(merged)) {
    const into = held(survivor).find((card) => card.programId === from.programId);
    const aliases = earlier.cards.filter((card) => card.mergedInto === from.id);
    const home = into ?? from;
    for (const { cardId } of aliases) {
      const place = { status: 'merged', mergedInto: home.id } as const;
      places.push({ id: cardId, customerId: survivor.id, ...place });
    }
    if (!into) {
      places.push({ id: from.id, customerId: survivor.id, status: from.status, mergedInto: null });
      const lots = from.lots.map((lot) => ({ lotId: lot.id, remaining: lot.remaining }));
      const holder = { cardId: from.id, customerId: survivor.id };
      const { offerIds } = await merges.moveHoldings(businessId, from.id, holder);
      handedOver.push({ cardId: from.id, lots, offerIds });
      continue;
    }
    const merge = mergeCards({ from, into });
    requireBalance(merge.from, merge.into);
    const level = higher({ from, into });
    const done = { ...merge, into: withLevel(merge.into, level?.change ?? null) };
    const holdings = await merges.moveHoldings(businessId, from.id, {
      cardId: into.id,
      customerId: survivor.id,
    });
    for (const { card } of [done.from, done.into]) {
      const mergedInto = card.id === from.id ? into.id : null;
      const { status, sequence } = card;
      places.push({ id: card.id, customerId: survivor.id, status, sequence, mergedInto });
    }
    pairs.push({ ...done.pair, ...(level && { level: level.merged }), ...holdings });
    changes.push(done);
  }
  await merges.placeCards(businessId, places);
  return { pairs, handedOver, earlier, changes };
}

interface HigherLevel {
  change: TierChange;
  merged: MergedLevel;
}

/** The level that a card brings to the one that carries on, by the rules in force. */
function higherOf(
  { from, into }: CardPair,
  known: {
    levels: ReadonlyMap<CardId, readonly TierHolding[]>;
    programs: readonly Program[];
    at: Instant;
  },
): HigherLevel | undefined {
  const { levels, programs, at } = known;
  const program = programs.find(({ id }) => id === into.programId);
  const rules = program && versionAt(program, at)?.tiers;
  if (!program || !rules) return undefined;
  const ours = levels.get(into.id) ?? [];
  const histories = { from: levels.get(from.id) ?? [], into: ours };
  const change = higherLevel(ladderOf(rules, program.unit), histories, at);
  if (!change) return undefined;
  return { change, merged: { since: change.to.since, before: latestHolding(ours) ?? null } };
}
