import type { Program } from '../programs/program.ts';
import { CONSENT_PURPOSES, type ConsentPurpose } from '../values/consents.ts';
import type { ProgramId } from '../values/ids.ts';
import type { Unit } from '../values/units.ts';

/** Columns whose cells are fields of the profile. */
export const PLAIN_COLUMNS = ['phone', 'email', 'name', 'birthday', 'locale', 'tags'] as const;
/** The system of ids in a column `externalId`. */
export const DEFAULT_SYSTEM = 'import';
/** Columns of our own export that say nothing to an import. */
const IGNORED = ['id', 'createdAt', 'updatedAt'];
/** Where one of these has a value, our own export speaks of somebody who is no customer any more. */
const GONE = ['mergedInto', 'erasedAt'];
const SYSTEM_PATTERN = /^[a-z0-9][a-z0-9._-]{0,39}$/;

/** What a column of an imported file means. */
export type Column =
  | { kind: 'plain'; field: (typeof PLAIN_COLUMNS)[number] }
  | { kind: 'externalId'; system: string }
  | { kind: 'consent'; purpose: ConsentPurpose }
  | { kind: 'balance'; programId: ProgramId; unit: Unit }
  | { kind: 'gone' }
  | { kind: 'ignored' };

export interface ColumnProblem {
  /** As the header has it. */
  column: string;
  code: 'unknown-column' | 'duplicate-column' | 'unknown-program' | 'no-key-column';
  detail: string;
}

export type ColumnPlan =
  | { kind: 'planned'; columns: readonly { name: string; column: Column }[] }
  | { kind: 'refused'; problems: readonly ColumnProblem[] };

/**
 * Reads a header: `phone`, `email`, `name`, `birthday`, `locale`, `tags`, `externalId` or
 * `externalId:<system>`, `consent:<purpose>`, and `balance:<program>` by its id or its name. A column
 * that means nothing is refused: what it holds would be lost silently.
 */
export function planColumns(header: readonly string[], programs: readonly Program[]): ColumnPlan {
  const problems: ColumnProblem[] = [];
  const seen = new Set<string>();
  const columns = header.map((given) => {
    const name = given.trim();
    const column = readColumn(name, programs);
    if ('code' in column) {
      problems.push({ column: name, ...column });
      return { name, column: { kind: 'ignored' as const } };
    }
    const meaning = JSON.stringify(column);
    if (seen.has(meaning) && column.kind !== 'ignored' && column.kind !== 'gone') {
      problems.push({
        column: name,
        code: 'duplicate-column',
        detail: 'Another column says this.',
      });
    }
    seen.add(meaning);
    return { name, column };
  });
  const hasKey = columns.some(
    ({ column }) =>
      column.kind === 'externalId' ||
      (column.kind === 'plain' && (column.field === 'phone' || column.field === 'email')),
  );
  if (!hasKey) {
    const detail = 'Needs at least one of the columns phone, email, externalId.';
    problems.push({ column: '', code: 'no-key-column', detail });
  }
  return problems.length > 0 ? { kind: 'refused', problems } : { kind: 'planned', columns };
}

function readColumn(
  name: string,
  programs: readonly Program[],
): Column | Omit<ColumnProblem, 'column'> {
  const unknown = (detail: string) => ({ code: 'unknown-column' as const, detail });
  const field = PLAIN_COLUMNS.find((plain) => sameName(plain, name));
  if (field) return { kind: 'plain', field };
  if (IGNORED.some((ours) => sameName(ours, name))) return { kind: 'ignored' };
  if (GONE.some((ours) => sameName(ours, name))) return { kind: 'gone' };
  if (sameName('externalId', name)) return { kind: 'externalId', system: DEFAULT_SYSTEM };
  const [prefix = '', ...rest] = name.split(':');
  const of = rest.join(':').trim();
  if (sameName('externalId', prefix) && SYSTEM_PATTERN.test(of)) {
    return { kind: 'externalId', system: of };
  }
  if (sameName('consent', prefix)) {
    const purpose = CONSENT_PURPOSES.find((known) => sameName(known, of));
    return purpose
      ? { kind: 'consent', purpose }
      : unknown(`Consents are: ${CONSENT_PURPOSES.join(', ')}.`);
  }
  if (sameName('balance', prefix)) return readBalance(of, programs);
  return unknown(
    `Columns are: ${PLAIN_COLUMNS.join(', ')}, externalId, externalId:<system>, ` +
      'consent:<purpose>, balance:<program>.',
  );
}

function readBalance(
  of: string,
  programs: readonly Program[],
): Column | Omit<ColumnProblem, 'column'> {
  const byId = programs.filter((program) => program.id === of);
  const found = byId.length > 0 ? byId : programs.filter((program) => program.name === of);
  const [program] = found;
  if (!program || found.length > 1) {
    const detail = program
      ? `${found.length} programs have this name: say balance:<id of the program>.`
      : 'No program has this id or name.';
    return { code: 'unknown-program', detail };
  }
  return { kind: 'balance', programId: program.id, unit: program.unit };
}

function sameName(ours: string, given: string): boolean {
  return ours.toLowerCase() === given.toLowerCase();
}
