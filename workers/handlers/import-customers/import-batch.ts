import { openCards } from '../../../domain/customers/open-card.ts';
import { step } from '../../../domain/earning/explanation.ts';
import type { LotExpiry } from '../../../domain/expiry/lot-expiry.ts';
import type { ImportBooks, ImportedPerson } from '../../../domain/imports/import-books.ts';
import {
  type ImportRow,
  keysOf,
  type KnownPerson,
  recognise,
  type RowKey,
  type RowResult,
} from '../../../domain/imports/import.ts';
import {
  giveOpeningBalance,
  type Opening,
  openingExpiry,
} from '../../../domain/imports/opening-balance.ts';
import type { BookEntry } from '../../../domain/ledger/book-entry.ts';
import type { LedgerBooks } from '../../../domain/ledger/books.ts';
import type { Card } from '../../../domain/ledger/card.ts';
import type { Facts } from '../../../domain/ledger/facts.ts';
import type { Program } from '../../../domain/programs/program.ts';
import type {
  BusinessId,
  CustomerId,
  IdSource,
  JobId,
  ProgramId,
} from '../../../domain/values/ids.ts';
import { type BusinessDate, type Instant, localDate } from '../../../domain/values/time.ts';
import { describeAmount, presentAmount } from '../../../domain/values/units.ts';
import type { OutboxEvent } from '../../../queues/events/events.ts';
import { hashRequest } from '../../../queues/job-id.ts';
import { balanceChanged } from '../card-events.ts';
import { cardsOpened } from '../customer-work.ts';

export interface ImportRepos {
  books: LedgerBooks;
  imports: ImportBooks;
  facts: Facts;
}

/** What holds for all rows of an import. */
export interface ImportContext {
  businessId: BusinessId;
  importId: JobId;
  programs: readonly Program[];
  /** When it was asked for: what is brought along counts from here. */
  at: Instant;
  isDryRun: boolean;
  ids: IdSource;
  /** Lets what was sent be sent, and other work of this process run. */
  breathe: () => Promise<void>;
}

/** Rows decided and written at one go; their facts leave in one row of the outbox. */
const ROWS_TOGETHER = 100;

/**
 * Imports some rows: who is new is written down, who is known gets the opening balance that they were
 * not given yet. In a dry run nothing is written, and the results say what would have been.
 * @returns a result for each row, in order
 */
export async function importBatch(
  repos: ImportRepos,
  rows: readonly ImportRow[],
  context: ImportContext,
): Promise<RowResult[]> {
  const { businessId, isDryRun, breathe } = context;
  const known = await loadKnown(repos, rows, businessId);
  const results: RowResult[] = [];
  const writes: Promise<void>[] = [];
  for (let i = 0; i < rows.length; i += ROWS_TOGETHER) {
    const batch = new Batch(known, context);
    results.push(...rows.slice(i, i + ROWS_TOGETHER).map((row) => batch.take(row)));
    if (isDryRun) continue;
    // Sent without waiting: PostgreSQL writes some while the next are decided.
    const sent = [
      repos.imports.insertPeople(businessId, batch.people),
      repos.imports.insertOpenings(businessId, batch.openings),
      repos.books.openCards(businessId, batch.emptyCards),
      repos.books.write(batch.entries),
      repos.facts.publish(businessId, batch.facts),
    ];
    // Whether they were written is asked when all are sent.
    for (const write of sent) write.catch(() => undefined);
    writes.push(...sent);
    await breathe();
  }
  await allDone(writes);
  return results;
}

/**
 * Waits for all, also when one fails: what is still on its way must not arrive after the transaction
 * was rolled back, where nothing would undo it. The first to fail makes the others fail, so the
 * reason is whichever is not just that.
 */
async function allDone(writes: readonly Promise<void>[]): Promise<void> {
  const reasons = (await Promise.allSettled(writes)).flatMap((write) =>
    write.status === 'rejected' ? [write.reason as { code?: string }] : [],
  );
  const reason = reasons.find(({ code }) => code !== TRANSACTION_ABORTED) ?? reasons[0];
  if (reason) throw reason;
}

// https://www.postgresql.org/docs/18/errcodes-appendix.html
const TRANSACTION_ABORTED = '25P02';

/** Who of them is here already, with their cards under locks. */
async function loadKnown(
  { imports, books }: ImportRepos,
  rows: readonly ImportRow[],
  businessId: BusinessId,
): Promise<Map<RowKey, KnownPerson>> {
  const keys = [...new Set(rows.flatMap(({ profile }) => keysOf(profile)))];
  const found = await imports.findKnown(businessId, keys);
  if (found.length === 0) return new Map();
  const ids = [...new Set(found.map(({ id }) => id))];
  const externalIds = await imports.findExternalIds(businessId, ids);
  const hasBalances = rows.some(({ balances }) => balances.length > 0);
  const cards = hasBalances ? await books.lockCards(businessId, ids) : [];
  const opened = await imports.findOpened(
    businessId,
    cards.map((card) => card.id),
  );
  const cardsOf = Map.groupBy(cards, (card) => card.customerId);
  const people = new Map<CustomerId, KnownPerson>();
  for (const id of ids) {
    const held = cardsOf.get(id) ?? [];
    people.set(id, {
      id,
      externalIds: externalIds.get(id) ?? {},
      cards: held,
      opened: held.filter((card) => opened.has(card.id)).map((card) => card.programId),
    });
  }
  return new Map(
    found.flatMap(({ key, id }) => {
      const person = people.get(id);
      return person ? [[key, person] as const] : [];
    }),
  );
}

/** Decides row after row, each as if the ones before it were committed, and gathers what to write. */
class Batch {
  readonly people: ImportedPerson[] = [];
  /** Of people who are new, on cards that are. */
  readonly openings: Opening[] = [];
  readonly emptyCards: Card[] = [];
  readonly entries: BookEntry[] = [];
  /** Those of `entries` leave with them. */
  readonly facts: OutboxEvent[] = [];
  readonly #byKey: Map<RowKey, KnownPerson>;
  readonly #context: ImportContext;
  /** Of new cards, and the local day: the same for all of a program, and dear to find out. */
  readonly #expiries = new Map<ProgramId, LotExpiry>();
  readonly #days = new Map<ProgramId, BusinessDate>();

  constructor(byKey: Map<RowKey, KnownPerson>, context: ImportContext) {
    this.#byKey = byKey;
    this.#context = context;
  }

  take(row: ImportRow): RowResult {
    const found = recognise(row, this.#byKey);
    if (found !== 'nobody' && 'code' in found) {
      return { row: row.row, status: 'failed', problems: [found] };
    }
    const isNew = found === 'nobody';
    const person = isNew ? this.#newPerson(row) : found;
    const wanted = row.balances.filter(({ programId }) => !person.opened.includes(programId));
    const held = person.cards.filter((card) => wanted.some((w) => w.programId === card.programId));
    if (held.some((card) => card.status === 'closed')) {
      const problem = { code: 'card-closed', detail: 'The card takes no more changes.' };
      return { row: row.row, status: 'failed', problems: [problem] };
    }
    const cards = [...person.cards];
    let credited = false;
    for (const { programId, amount } of wanted) {
      const card = cards.find((c) => c.programId === programId) ?? this.#open(person.id, programId);
      const isNewCard = !cards.includes(card);
      if (amount === 0) {
        if (isNewCard) {
          this.emptyCards.push(card);
          this.facts.push(...cardsOpened([card], this.#context.ids));
        }
        cards.push(...(isNewCard ? [card] : []));
        continue;
      }
      credited = true;
      const after = this.#credit({ row: row.row, card, isNew, isNewCard, programId, amount });
      cards.splice(isNewCard ? cards.length : cards.indexOf(card), 1, after);
    }
    const now: KnownPerson = {
      ...person,
      cards,
      opened: [
        ...person.opened,
        ...wanted.filter(({ amount }) => amount > 0).map(({ programId }) => programId),
      ],
    };
    for (const key of keysOf(row.profile)) this.#byKey.set(key, now);
    const status = isNew ? 'created' : credited ? 'credited' : 'known';
    return { row: row.row, status, ...(!this.#isDryRunOfNew(isNew) && { customerId: person.id }) };
  }

  /** Nobody has the id that a dry run made up. */
  #isDryRunOfNew(isNew: boolean): boolean {
    return isNew && this.#context.isDryRun;
  }

  #newPerson({ profile, tags }: ImportRow): KnownPerson {
    const { ids, importId } = this.#context;
    const id = ids.id('cus');
    this.people.push({ id, profile, tags });
    const data = { customerId: id, importId };
    this.facts.push({ id: ids.id('evt'), type: 'customer.imported', data });
    return { id, externalIds: profile.externalIds, cards: [], opened: [] };
  }

  #open(customerId: CustomerId, programId: ProgramId): Card {
    const { programs, at, ids } = this.#context;
    const wanted = { customerId, programIds: [programId], at };
    const [card] = openCards(wanted, { programs, held: [] }, ids) ?? [];
    if (!card) throw new Error(`program ${programId} has not begun`);
    return card;
  }

  #credit(what: {
    row: number;
    card: Card;
    isNew: boolean;
    isNewCard: boolean;
    programId: ProgramId;
    amount: number;
  }): Card {
    const { businessId, importId, at, ids } = this.#context;
    const { card, isNewCard, amount } = what;
    const program = this.#program(what.programId);
    const expiry = isNewCard ? this.#expiryOfNew(program, card) : openingExpiry(program, card, at);
    const change = giveOpeningBalance({ card, isNewCard, amount, at, expiry }, ids);
    const { unit } = program;
    const id = ids.id('txn');
    const receipt = {
      importId,
      row: what.row,
      cardId: card.id,
      amount: presentAmount(amount, unit),
    };
    const text = `${describeAmount(amount, unit)} brought along`;
    const opening: Opening = {
      id,
      businessId,
      kind: 'opening-balance',
      integration: 'import',
      externalId: card.id,
      requestHash: hashRequest(receipt),
      storeId: null,
      customerId: card.customerId,
      status: 'recorded',
      occurredAt: at,
      receivedAt: at,
      businessDate: this.#day(program),
      originalId: null,
      receipt,
      judgement: null,
      outcome: {
        id,
        cardId: card.id,
        programId: program.id,
        unit,
        amount: presentAmount(amount, unit),
        balance: presentAmount(change.card.balance, unit),
        explanation: [step('opening-balance', text)],
      },
      newCustomer: null,
      cards: [change],
    };
    const events = [
      ...(isNewCard ? cardsOpened([card], ids) : []),
      balanceChanged(change.card, { transactionId: id, change: amount, unit }, ids),
    ];
    if (what.isNew) {
      this.openings.push(opening);
      this.facts.push(...events);
    } else this.entries.push({ ...opening, events });
    return change.card;
  }

  #program(id: ProgramId): Program {
    const program = this.#context.programs.find((p) => p.id === id);
    if (!program) throw new Error(`no program ${id}`);
    return program;
  }

  #expiryOfNew(program: Program, card: Card): LotExpiry {
    const known = this.#expiries.get(program.id);
    if (known) return known;
    const expiry = openingExpiry(program, card, this.#context.at);
    this.#expiries.set(program.id, expiry);
    return expiry;
  }

  #day(program: Program): BusinessDate {
    const known = this.#days.get(program.id);
    if (known) return known;
    const day = localDate(this.#context.at, program.zone);
    this.#days.set(program.id, day);
    return day;
  }
}
