import type { z } from 'zod';
import type { Profile } from '../../../domain/customers/customer.ts';
import type { Column } from '../../../domain/imports/columns.ts';
import type { Delimiter } from '../../../domain/imports/header.ts';
import { type ImportRow, keysOf, type RowProblem } from '../../../domain/imports/import.ts';
import { toLedgerUnits } from '../../../domain/values/units.ts';
import { MAX_TAGS, profileFields, tag } from '../../../queues/personal.ts';

export interface FileColumns {
  columns: readonly { name: string; column: Column }[];
  delimiter: Delimiter;
}

export type ReadRow =
  | { kind: 'row'; row: ImportRow }
  /** Somebody who is no customer any more, in a file that we wrote. */
  | { kind: 'gone' }
  | { kind: 'failed'; problems: RowProblem[] };

const { phone, email, name, birthday, locale } = profileFields;
const plain = { phone, email, name, birthday, locale };
const externalId = profileFields.externalIds;
/** What a file of ours puts before a text that a spreadsheet would run. */
const ESCAPED = /^'(?=[=+\-@\t\r])/;
const YES = new Set(['true', 'yes', '1']);
const NO = new Set(['false', 'no', '0']);

/**
 * Reads and checks one row. What is wrong is told column by column, and never repeats the cell: a
 * result outlives what is personal.
 */
export function readRow(cells: readonly string[], file: FileColumns, row: number): ReadRow {
  const { columns, delimiter } = file;
  if (cells.length !== columns.length) {
    const detail = `Has ${cells.length} cells, the header has ${columns.length}.`;
    return { kind: 'failed', problems: [{ code: 'ragged-row', detail }] };
  }
  const problems: RowProblem[] = [];
  const profile = {
    ...NOTHING,
    consents: {} as Record<string, boolean>,
    externalIds: {} as Record<string, string>,
  };
  const balances: { programId: ImportRow['balances'][number]['programId']; amount: number }[] = [];
  let tags: string[] = [];
  for (const [i, { name: columnName, column }] of columns.entries()) {
    const text = (cells[i] ?? '').replace(ESCAPED, '');
    if (text === '' || column.kind === 'ignored') continue;
    const refuse = (code: string, detail: string) =>
      problems.push({ column: columnName, code, detail });
    const take = <Schema extends z.ZodType>(schema: Schema, value: unknown) => {
      const result = schema.safeParse(value);
      if (result.success) return result.data;
      refuse('invalid-value', result.error.issues[0]?.message ?? 'cannot be read');
      return undefined;
    };
    switch (column.kind) {
      case 'gone':
        return { kind: 'gone' };
      case 'plain': {
        if (column.field === 'tags') {
          tags = [...new Set(text.split(/[\s|,;]+/).filter(Boolean))];
          if (tags.length > MAX_TAGS) refuse('too-many-tags', `At most ${MAX_TAGS}.`);
          for (const each of tags) take(tag, each);
          break;
        }
        const value = take(plain[column.field], column.field === 'phone' ? dialled(text) : text);
        profile[column.field] = value ?? null;
        break;
      }
      case 'externalId': {
        const ids = take(externalId, { [column.system]: text });
        if (ids) Object.assign(profile.externalIds, ids);
        break;
      }
      case 'consent': {
        const answer = text.toLowerCase();
        if (YES.has(answer) || NO.has(answer)) profile.consents[column.purpose] = YES.has(answer);
        else refuse('invalid-value', 'must be true or false');
        break;
      }
      case 'balance': {
        const amount = readAmount(delimiter === ';' ? text.replace(',', '.') : text, column.unit);
        if (amount === undefined) {
          const whole = column.unit === 'stamp' ? 'a whole number' : 'a number like 12.5';
          refuse('invalid-value', `must be ${whole}, not negative`);
        } else balances.push({ programId: column.programId, amount });
        break;
      }
      default:
        column satisfies never;
    }
  }
  if (problems.length === 0 && keysOf(profile).length === 0) {
    const detail = 'Needs a phone, an e-mail or an external id.';
    problems.push({ code: 'row-without-key', detail });
  }
  if (problems.length > 0) return { kind: 'failed', problems };
  return { kind: 'row', row: { row, profile, tags, balances } };
}

const NOTHING: Pick<Profile, 'phone' | 'email' | 'name' | 'birthday' | 'locale'> = {
  phone: null,
  email: null,
  name: null,
  birthday: null,
  locale: null,
};

/** A phone number without what people put between its digits. */
function dialled(text: string): string {
  return text.replaceAll(/[\s().-]/g, '').replace(/^00/, '+');
}

function readAmount(text: string, unit: 'stamp' | 'point'): number | undefined {
  try {
    return toLedgerUnits(text, unit);
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}
