import { step } from '../../../domain/earning/explanation.ts';
import type { BookEntry } from '../../../domain/ledger/book-entry.ts';
import { cardEntry } from '../../../domain/ledger/card-entry.ts';
import type { LedgerBooks } from '../../../domain/ledger/books.ts';
import type { Card } from '../../../domain/ledger/card.ts';
import type { CommandStore } from '../../../domain/ledger/command-store.ts';
import type { Program } from '../../../domain/programs/program.ts';
import { birthdaysUntil } from '../../../domain/rewards/birthday.ts';
import type { BirthdayBooks, BirthdayCard } from '../../../domain/rewards/birthday-books.ts';
import { decideClaim } from '../../../domain/rewards/claim.ts';
import { presentReward } from '../../../domain/rewards/present.ts';
import { heldFrom } from '../../../domain/rewards/restore.ts';
import type { RewardBooks } from '../../../domain/rewards/reward-books.ts';
import type {
  CustomerId,
  IdSource,
  ProgramId,
  RewardDefinitionId,
} from '../../../domain/values/ids.ts';
import { DAY_MS, type Instant, localDate } from '../../../domain/values/time.ts';
import type { Envelope } from '../../../queues/envelope.ts';
import type { CommandOutcome } from '../../../queues/outcome.ts';
import type { PayloadOf } from '../../../queues/registry.ts';
import type { Handler } from '../handler.ts';
import { rewardIssued } from '../reward-events.ts';

export interface BirthdayRepos {
  books: LedgerBooks;
  rewards: RewardBooks;
  birthdays: BirthdayBooks;
}

export interface BirthdayDependencies {
  store: CommandStore<BirthdayRepos>;
  ids: IdSource;
}

type Message = Envelope<PayloadOf<'give-birthday-rewards'>>;

/** Cards a transaction: few, so that a sale on one of them waits for milliseconds. */
const BATCH = 50;
/**
 * Nobody has a birthday again so soon, so whoever was given a reward since has had this year's: a
 * birthday that somebody changes, or a merge, gets them no second one.
 */
const A_YEARS_REWARD_MS = 300 * DAY_MS;

/**
 * Gives what programs promise for birthdays, from the beginning of the local day, once a year a card.
 * May come late (by a week), twice, or die half-way: what was given is found given. Erased customers
 * and cards that are not active get none. Outcome: always `completed`, with how many were given.
 */
export function createGiveBirthdayRewardsHandler(
  deps: BirthdayDependencies,
): Handler<'give-birthday-rewards'> {
  return async (messages) => {
    const outcomes: CommandOutcome[] = [];
    for (const message of messages) {
      const definitions = await deps.store.transact(({ birthdays }) =>
        birthdays.findDefinitions(message.businessId),
      );
      let rewards = 0;
      for (const definition of definitions) rewards += await giveAll(deps, message, definition);
      outcomes.push({ status: 'completed', transactionId: null, result: { rewards } });
    }
    return outcomes;
  };
}

interface Definition {
  id: RewardDefinitionId;
  programId: ProgramId;
}

async function giveAll(
  deps: BirthdayDependencies,
  message: Message,
  definition: Definition,
): Promise<number> {
  let given = 0;
  let after: CustomerId | null = null;
  do {
    const batch: { last: CustomerId | null; given: number } = await giveBatch(deps, {
      message,
      definition,
      after,
    });
    given += batch.given;
    after = batch.last;
  } while (after !== null);
  return given;
}

function giveBatch(
  { store, ids }: BirthdayDependencies,
  {
    message,
    definition,
    after,
  }: { message: Message; definition: Definition; after: CustomerId | null },
) {
  const { businessId } = message;
  const at = Date.parse(message.payload.at);
  return store.transact(async ({ books, rewards, birthdays }) => {
    const config = await books.loadConfig(businessId);
    const program = config?.programs.find(({ id }) => id === definition.programId);
    if (!config || !program) return { last: null, given: 0 };
    const wanted = {
      definitionId: definition.id,
      programId: program.id,
      birthdays: birthdaysUntil(localDate(at, program.zone)),
      givenSince: at - A_YEARS_REWARD_MS,
      limit: BATCH,
    };
    const found = await birthdays.findCards(businessId, { ...wanted, after });
    const last = found.at(-1)?.customerId ?? null;
    if (last === null) return { last, given: 0 };
    const cards = await books.lockCards(
      businessId,
      found.map(({ customerId }) => customerId),
    );
    // Under their locks, once more: another run may have been there, or a merge.
    const still = await birthdays.findCards(businessId, { ...wanted, after });
    const entries: BookEntry[] = [];
    for (const birthday of still) {
      const card = cards.find(({ id }) => id === birthday.cardId);
      const current = await rewards.lockDefinition(businessId, definition.id);
      if (!card || !current) continue;
      const { customerTags, limitPerCustomer } = current.terms;
      const claim = { couponCode: null, store: null, occurredAt: at, receivedAt: at };
      const state = {
        business: config.business,
        program,
        card,
        definition: current,
        tags: customerTags ? await rewards.tagsOf(businessId, card.customerId) : [],
        taken:
          limitPerCustomer === undefined
            ? 0
            : await rewards.countTaken(businessId, card.id, definition.id),
      };
      const decision = decideClaim({ ...claim, occasion: 'birthday' }, state, ids);
      if (decision.kind === 'refused') continue;
      if (decision.takesFromStock) await rewards.takeFromStock(businessId, definition.id);
      entries.push(entryOf(message, { decision, birthday, card, program, at }, ids));
    }
    await books.write(entries);
    return { last, given: entries.length };
  });
}

function entryOf(
  message: Message,
  gift: {
    decision: Extract<ReturnType<typeof decideClaim>, { kind: 'claimed' }>;
    birthday: BirthdayCard;
    card: Card;
    program: Program;
    at: Instant;
  },
  ids: IdSource,
): BookEntry {
  const { decision, birthday, program, at } = gift;
  const { change, reward } = decision;
  const { card } = change;
  const id = ids.id('txn');
  const year = birthday.date.slice(0, 4);
  return cardEntry({
    id,
    businessId: message.businessId,
    kind: 'reward',
    integration: 'system:birthdays',
    // Once a year, whatever else should fail.
    externalId: `${reward.definitionId}/${card.customerId}/${year}`,
    requestHash: message.requestHash,
    occurredAt: at,
    businessDate: localDate(at, program.zone),
    // Of the birthday only its year: the books outlive what is known of a person.
    receipt: { birthdayOf: year },
    outcome: {
      id,
      reward: presentReward(heldFrom(reward), program, at),
      explanation: [step('birthday', `${reward.name} for the birthday of ${year}`)],
    },
    change,
    events: [rewardIssued(reward, { card, sequence: card.sequence, transactionId: id, ids })],
  });
}
