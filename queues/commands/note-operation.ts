import { z } from 'zod';
import { defineCommand } from '../define.ts';
import { text } from '../text.ts';

const payload = z.strictObject({
  /** Who signed in to the operators' pages. */
  operator: text({ max: 64 }),
  action: z.enum(['retry', 'promote', 'pause', 'resume', 'redrive']),
  /** A queue. */
  queue: text({ max: 64 }),
  /** The jobs it was done to; none where it was done to the queue. */
  jobIds: z.array(z.string().max(64)).max(1_000),
  /** What they have in common, where they were chosen by it. */
  reason: text({ max: 300 }).optional(),
});

/**
 * Somebody of ours is about to do something to a queue. It is of no business; that it is on disk before
 * anything is done is what makes the log of operations complete.
 */
export const noteOperation = defineCommand({
  name: 'note-operation',
  version: 1,
  queue: 'maintenance',
  internal: true,
  body: payload,
  payload,
});

export type NoteOperationPayload = z.output<typeof payload>;
