import type { z } from 'zod';
import type { CommandDefinition } from '../queues/define.ts';
import { type Envelope, envelopeSchema } from '../queues/envelope.ts';
import type { CommandOutcome } from '../queues/outcome.ts';
import type { PersonalSealer } from '../queues/personal.ts';
import { type CommandName, commands } from '../queues/registry.ts';
import { openWritten } from '../queues/written.ts';
import type { Batcher } from './batching/batcher.ts';

export type Batchers = { [Name in CommandName]: Batcher<Envelope, CommandOutcome> };

/** What is wrong with a message that cannot be read: no retry will mend it. */
export class UnreadableMessageError extends Error {
  override readonly name = 'UnreadableMessageError';
}

/**
 * Reads a message off the wire and hands it to its command's batcher.
 * @param personal opens what people wrote; only who reads none can do without
 * @throws UnreadableMessageError for an unknown type or version, or a payload of another shape
 */
export function createMessageProcessor(
  batchers: Batchers,
  personal: Pick<PersonalSealer, 'open'> = CLOSED,
) {
  return async (data: unknown): Promise<CommandOutcome> => {
    const envelope = parse(envelopeSchema, data, 'envelope');
    const command = Object.hasOwn(commands, envelope.type)
      ? commands[envelope.type as CommandName]
      : undefined;
    if (!command) throw new UnreadableMessageError(`no command ${envelope.type}`);
    if (envelope.version !== command.version) {
      throw new UnreadableMessageError(`no version ${envelope.version} of ${command.name}`);
    }
    const payload = parse(command.payload, open(command, envelope.payload), command.name);
    return batchers[command.name].submit({ ...envelope, payload });
  };

  function open(command: CommandDefinition, payload: unknown): unknown {
    try {
      return openWritten(command, payload, personal);
    } catch {
      throw new UnreadableMessageError(`${command.name}: what is written in it cannot be opened`);
    }
  }
}

const CLOSED: Pick<PersonalSealer, 'open'> = {
  open() {
    throw new Error('no key was given');
  },
};

function parse<Schema extends z.ZodType>(
  schema: Schema,
  data: unknown,
  name: string,
): z.output<Schema> {
  const result = schema.safeParse(data);
  if (result.success) return result.data;
  const faults = result.error.issues.map((issue) => `${issue.path.join('.')} ${issue.code}`);
  throw new UnreadableMessageError(`${name}: ${faults.join(', ')}`);
}
