import type { z } from 'zod';
import type { QueueName } from './queues.ts';

/**
 * A command is declared once, here and nowhere else. The edge derives its request body and its
 * idempotency from it, the workers their handler's type, the queue its retries.
 */
export interface CommandDefinition<
  Name extends string = string,
  Body extends z.ZodType = z.ZodType,
  Payload extends z.ZodType = z.ZodType,
> {
  /** Imperative, kebab-case; also the name of its route's folder and of its handler's file. */
  name: Name;
  /** Raised when a payload of the old shape can no longer be read; a frozen fixture per version. */
  version: number;
  queue: QueueName;
  /** What a client sends. */
  body: Body;
  /** What travels: ids and sealed contacts, never a name, phone or e-mail. */
  payload: Payload;
  /** Fields of the payload in which people write what they like; they travel sealed (see written.ts). */
  written?: readonly string[];
  /** The idempotency key when the client sent no header; undefined where the header is required. */
  defaultKey?: (body: z.output<Body>) => string | undefined;
  /** Sent by Regulars itself and by nobody else: it has no route, no job to poll, and no audit. */
  internal?: true;
}

/** Declares a command; exists so that definitions are checked where they are written. */
export function defineCommand<
  const Name extends string,
  Body extends z.ZodType,
  Payload extends z.ZodType,
>(definition: CommandDefinition<Name, Body, Payload>): CommandDefinition<Name, Body, Payload> {
  return definition;
}

/** A fact that leaves through the outbox. */
export interface EventDefinition<Type extends string = string, Data extends z.ZodType = z.ZodType> {
  /** Past tense, as receivers see it: `reward.issued`. */
  type: Type;
  version: number;
  /** What has happened, as the documentation says it. */
  about: string;
  data: Data;
}

/** Declares an event. */
export function defineEvent<const Type extends string, Data extends z.ZodType>(
  definition: EventDefinition<Type, Data>,
): EventDefinition<Type, Data> {
  return definition;
}
