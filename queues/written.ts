import type { CommandDefinition } from './define.ts';
import type { PersonalSealer } from './personal.ts';

// oxlint-disable-next-line typescript/no-explicit-any -- any command: its schemas are its own
type AnyCommand = Pick<CommandDefinition<string, any, any>, 'written'>;

/**
 * What people write where they may write what they like ("Maria called from …") may be about somebody,
 * so it travels sealed: each such field of a payload as `{ sealed }`.
 */
export function sealWritten(
  { written }: AnyCommand,
  payload: unknown,
  sealer: Pick<PersonalSealer, 'seal'>,
): unknown {
  return changed(written, payload, (value) =>
    typeof value === 'string' ? { sealed: sealer.seal({ text: value }) } : value,
  );
}

/**
 * The payload as it was before. What was queued before such fields were sealed is left as it is.
 * @throws Error for what was sealed with another key
 */
export function openWritten(
  { written }: AnyCommand,
  payload: unknown,
  sealer: Pick<PersonalSealer, 'open'>,
): unknown {
  return changed(written, payload, (value) =>
    isSealed(value) ? (sealer.open(value.sealed) as { text?: unknown }).text : value,
  );
}

function changed(
  fields: readonly string[] | undefined,
  payload: unknown,
  change: (value: unknown) => unknown,
): unknown {
  if (fields === undefined || typeof payload !== 'object' || payload === null) return payload;
  const given = payload as Readonly<Record<string, unknown>>;
  const present = fields.filter((field) => given[field] !== undefined);
  if (present.length === 0) return payload;
  return { ...given, ...Object.fromEntries(present.map((f) => [f, change(given[f])])) };
}

function isSealed(value: unknown): value is { sealed: string } {
  return (
    typeof value === 'object' &&
    value !== null &&
    'sealed' in value &&
    typeof value.sealed === 'string'
  );
}
