import type { z } from 'zod';
import { type FieldError, Problem, type ProblemCode } from './problems.ts';

/** @throws Problem `validation-failed`, with a pointer to each field that is wrong */
export function parseBody<Schema extends z.ZodType>(
  schema: Schema,
  body: unknown,
): z.output<Schema> {
  return parse(schema, body, 'validation-failed');
}

/** @throws Problem `malformed-id` */
export function parseParams<Schema extends z.ZodType>(
  schema: Schema,
  params: unknown,
): z.output<Schema> {
  return parse(schema, params, 'malformed-id');
}

/** @throws Problem `malformed-query` */
export function parseQuery<Schema extends z.ZodType>(
  schema: Schema,
  query: unknown,
): z.output<Schema> {
  // Whatever a schema lets through: there is nothing that could be found by it.
  for (const [name, value] of Object.entries(query as Record<string, unknown>)) {
    if (!String(value).includes('\0')) continue;
    const errors = [{ pointer: `/${name.slice(0, 40)}`, code: 'custom', detail: 'NUL is no text' }];
    throw new Problem('malformed-query', { errors });
  }
  return parse(schema, query, 'malformed-query');
}

function parse<Schema extends z.ZodType>(
  schema: Schema,
  value: unknown,
  code: ProblemCode,
): z.output<Schema> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw new Problem(code, { errors: result.error.issues.slice(0, 20).map(toFieldError) });
}

function toFieldError(issue: z.core.$ZodIssue): FieldError {
  const escaped = issue.path.map((part) =>
    String(part).replaceAll('~', '~0').replaceAll('/', '~1'),
  );
  const pointer = escaped.map((part) => `/${part}`).join('');
  if (issue.code === 'unrecognized_keys') {
    const detail = `Unknown: ${issue.keys.slice(0, 5).join(', ').slice(0, 200)}`;
    return { pointer, code: 'unknown-field', detail };
  }
  const detail = issue.message.endsWith('received NaN') ? UNFAITHFUL : issue.message;
  return { pointer, code: issue.code.replaceAll('_', '-'), detail };
}

/** What readJson marks: JSON itself has no NaN. */
const UNFAITHFUL =
  'Cannot be kept as it was written: send a number of at most 15 digits and not -0, or well-formed ' +
  'text without NUL';
