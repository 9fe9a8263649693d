import { awardStamps } from '../../../domain/counter/award-stamps.ts';
import { step } from '../../../domain/earning/explanation.ts';
import { SightingsSoFar } from '../../../domain/fraud/sightings.ts';
import type { BookEntry } from '../../../domain/ledger/book-entry.ts';
import type { CommandStore } from '../../../domain/ledger/command-store.ts';
import type { Program } from '../../../domain/programs/program.ts';
import type { Store } from '../../../domain/tenancy/business.ts';
import type { CardId, IdSource, StaffId } from '../../../domain/values/ids.ts';
import { describeAmount } from '../../../domain/values/units.ts';
import type { Envelope } from '../../../queues/envelope.ts';
import type { PayloadOf } from '../../../queues/registry.ts';
import { createCommandHandler, type WorkOutcome } from '../command.ts';
import { counterEntry, type CounterRepos } from '../counter-work.ts';
import { holdOrFlag, type WatchRepos } from '../suspicions.ts';

type Message = Envelope<PayloadOf<'award-stamps'>>;
export type AwardRepos = CounterRepos & WatchRepos;

/**
 * Stamps a card by hand. Outcomes: `completed` with the award; `waiting` where the program's fraud
 * rules hold it; or `declined` as `unknown-card`, `unknown-store`, or as
 * domain/counter/award-stamps.ts refuses.
 */
export function createAwardStampsHandler(dependencies: {
  store: CommandStore<AwardRepos>;
  ids: IdSource;
}) {
  const { ids } = dependencies;
  return createCommandHandler<'award-stamps', AwardRepos>(dependencies, (repos, message) =>
    award(repos, message, ids, (given) => watch(repos, message, given, ids)),
  );
}

/** Gives what somebody has approved, as of when it was asked for. */
export function awardApproved(repos: CounterRepos, message: Message, ids: IdSource) {
  return award(repos, message, ids);
}

interface Given {
  entry: BookEntry;
  program: Program;
  store: Store;
  cardId: CardId;
}

async function award(
  { books, counter }: CounterRepos,
  message: Message,
  ids: IdSource,
  lookAt?: (given: Given) => Promise<WorkOutcome | undefined>,
): Promise<WorkOutcome> {
  const { businessId, payload, principal } = message;
  const { stamps, storeId } = payload;
  const cardId = await counter.findCardByCode(businessId, payload.cardCode);
  const card = cardId && (await books.lockCard(businessId, cardId));
  const config = await books.loadConfig(businessId);
  const program = config?.programs.find((p) => p.id === card?.programId);
  if (!card || !program) return { status: 'declined', code: 'unknown-card' };
  const subjectId = card.id;
  const store = config?.stores.find(({ id }) => id === storeId);
  if (!store) return { status: 'declined', code: 'unknown-store', subjectId };
  const isOwnCard =
    principal.kind === 'staff' &&
    (await counter.isSamePerson(businessId, principal.id as StaffId, card.customerId));
  const at = Date.parse(message.receivedAt);
  const decision = awardStamps({ card, program, stamps, at, isOwnCard }, ids);
  if (decision.kind === 'refused') {
    return { status: 'declined', code: decision.code, subjectId };
  }
  const { change } = decision;
  const text = `${describeAmount(stamps, program.unit)} given at the counter`;
  const explanation = step('awarded', text);
  const about = { change, program, amount: stamps, storeId, originalId: null, explanation };
  const entry = counterEntry(message, { ...about, receipt: payload }, ids);
  const instead = await lookAt?.({ entry, program, store, cardId: card.id });
  if (instead) return { ...instead, subjectId };
  await books.write([entry]);
  return {
    status: 'completed',
    transactionId: entry.id,
    result: { award: entry.outcome },
    subjectId,
    auditDetail: { stamps, storeId },
  };
}

async function watch(
  repos: AwardRepos,
  message: Message,
  { entry, program, store, cardId }: Given,
  ids: IdSource,
): Promise<WorkOutcome | undefined> {
  const { businessId, principal } = message;
  const config = await repos.books.loadConfig(businessId);
  if (!config || !program.fraud) return undefined;
  const sighting = {
    businessId,
    customerId: entry.customerId,
    staffId: principal.kind === 'staff' ? (principal.id as StaffId) : null,
    storeId: store.id,
    occurredAt: entry.occurredAt,
  };
  const seen = new SightingsSoFar(
    await repos.fraud.see({ ...sighting, jobId: message.id }, config),
  );
  const found = seen.judge(program.fraud, sighting, { store });
  const about = { transactionId: entry.id, sighting, programId: program.id, found };
  return holdOrFlag(repos, message, { ...about, subjectId: cardId }, ids);
}
