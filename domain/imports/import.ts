import type { Profile } from '../customers/customer.ts';
import type { Card } from '../ledger/card.ts';
import type { CustomerId, ProgramId } from '../values/ids.ts';

/** One row of a file, read and checked. */
export interface ImportRow {
  /** The header is row 1. */
  row: number;
  profile: Profile;
  tags: readonly string[];
  balances: readonly { programId: ProgramId; amount: number }[];
}

/** Why a row, or a cell of it, was not taken. Never says what the cell holds: that is personal. */
export interface RowProblem {
  /** As the header has it; absent where the whole row is meant. */
  column?: string;
  code: string;
  detail: string;
}

/**
 * `created`: a new customer. `credited`: a known one got an opening balance. `known`: nothing was new.
 * `skipped`: somebody who is no customer any more.
 */
export const ROW_STATUSES = ['created', 'credited', 'known', 'skipped', 'failed'] as const;
export type RowStatus = (typeof ROW_STATUSES)[number];

export interface RowResult {
  row: number;
  status: RowStatus;
  customerId?: CustomerId;
  problems?: readonly RowProblem[];
}

export type RowCounts = Readonly<Record<RowStatus, number>>;
export const NO_ROWS: RowCounts = { created: 0, credited: 0, known: 0, skipped: 0, failed: 0 };

/** Somebody whom a row means and who is here already, under a lock. */
export interface KnownPerson {
  id: CustomerId;
  externalIds: Readonly<Record<string, string>>;
  cards: readonly Card[];
  /** Programs in which they were given an opening balance before. */
  opened: readonly ProgramId[];
}

/** How a row names somebody, most telling first. */
export type RowKey = `externalId:${string}:${string}` | `phone:${string}` | `email:${string}`;

/** What a row can be recognised by, most telling first; none at all cannot be imported twice safely. */
export function keysOf({ phone, email, externalIds }: Profile): RowKey[] {
  return [
    ...Object.entries(externalIds).map(
      ([system, value]): RowKey => `externalId:${system}:${value}`,
    ),
    ...(phone === null ? [] : [`phone:${phone}` as const]),
    ...(email === null ? [] : [`email:${email}` as const]),
  ];
}

/**
 * Whom a row means: the one who answers to any of its keys. Two who do, or one who has another id in
 * the same system, is somebody's mistake, which a person has to look at.
 */
export function recognise(
  { profile }: ImportRow,
  byKey: ReadonlyMap<RowKey, KnownPerson>,
): KnownPerson | 'nobody' | RowProblem {
  const found = new Map<CustomerId, { person: KnownPerson; key: RowKey }>();
  for (const key of keysOf(profile)) {
    const person = byKey.get(key);
    if (person && !found.has(person.id)) found.set(person.id, { person, key });
  }
  const [first, second] = found.values();
  if (!first) return 'nobody';
  if (second) {
    const detail = 'Its keys belong to several customers, whom somebody may want to merge.';
    return { code: 'ambiguous-customer', detail };
  }
  const { person, key } = first;
  const hasOther = Object.entries(profile.externalIds).some(
    ([system, value]) => (person.externalIds[system] ?? value) !== value,
  );
  if (!hasOther) return person;
  const [column = ''] = key.split(':');
  return { column, code: `${column}-in-use`, detail: 'Another customer has it.' };
}
