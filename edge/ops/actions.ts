import { z } from 'zod';
import { type Content, html } from './html.ts';
import { idSchema } from '../../queues/id-schema.ts';
import type { DeadLetterDesk, JobDesk, NoteOperation, Operator, ReplayWebhooks } from './ports.ts';

/** A job or queue is named as BullMQ names it. */
const name = z.string().regex(/^[\w-]{1,64}$/);
const forms = {
  retry: z.object({ queue: name, job: name }),
  promote: z.object({ queue: name, job: name }),
  pause: z.object({ queue: name }),
  resume: z.object({ queue: name }),
  'retry-group': z.object({ group: name }),
  redrive: z.object({ function: name }),
  replay: z.object({ business: idSchema('biz'), endpoint: idSchema('whe') }),
} as const;

export type ActionName = keyof typeof forms;

/** The buttons' names. */
export const actionNames = Object.keys(forms) as ActionName[];

/** What came of a button, as a number that the next page puts into words. */
export interface Done {
  done: ActionName;
  /** Jobs it was done to. */
  count: number;
  /** Jobs it was asked for. */
  of: number;
}

/**
 * Does what a button says. It is noted before it is done, and not done when it cannot be noted.
 * @throws ZodError for a form that no button of ours sends
 */
export async function act(
  deps: {
    desk: JobDesk;
    note: NoteOperation;
    deadLetters: DeadLetterDesk;
    replayWebhooks: ReplayWebhooks;
  },
  operator: Operator,
  action: ActionName,
  form: unknown,
): Promise<Done> {
  const { desk, note } = deps;
  const by = { operator: operator.name };
  switch (action) {
    case 'retry':
    case 'promote': {
      const { queue, job } = forms[action].parse(form);
      await note({ ...by, action, queue, jobIds: [job] });
      const isDone = await desk[action](queue, job);
      return { done: action, count: isDone ? 1 : 0, of: 1 };
    }
    case 'pause':
    case 'resume': {
      const { queue } = forms[action].parse(form);
      await note({ ...by, action, queue, jobIds: [] });
      await desk[action](queue);
      return { done: action, count: 1, of: 1 };
    }
    case 'retry-group': {
      const { group: key } = forms[action].parse(form);
      const { groups } = await desk.failures();
      const group = groups.find((candidate) => candidate.key === key);
      if (!group) return { done: action, count: 0, of: 0 };
      const { queue, jobIds, error } = group;
      await note({ ...by, action: 'retry', queue, jobIds: [...jobIds], reason: plain(error) });
      let count = 0;
      for (const jobId of jobIds) if (await desk.retry(queue, jobId)) count += 1;
      return { done: action, count, of: jobIds.length };
    }
    case 'redrive': {
      const { function: of } = forms[action].parse(form);
      await note({ ...by, action, queue: `${of}-dlq`, jobIds: [] });
      const count = await deps.deadLetters.redrive(of);
      return { done: action, count, of: count };
    }
    case 'replay': {
      const { business: businessId, endpoint: endpointId } = forms[action].parse(form);
      await note({ ...by, action: 'redrive', queue: 'webhooks', jobIds: [], reason: endpointId });
      await deps.replayWebhooks({ businessId, endpointId });
      return { done: action, count: 1, of: 1 };
    }
    default:
      return action satisfies never;
  }
}

/** What came of the last button, in words; undefined where none was pressed. */
export function sayDone(query: Readonly<Record<string, unknown>>): Content {
  const parsed = doneSchema.safeParse(query);
  if (!parsed.success) return undefined;
  const { done, count, of } = parsed.data;
  const isAll = of > 0 && count === of;
  const words = {
    retry: isAll
      ? 'It is being tried again.'
      : 'It had not failed, or is being tried again already.',
    promote: isAll ? 'It is tried now.' : 'It was not waiting for a next try any more.',
    pause: 'The queue is paused: jobs are still taken in, and wait.',
    resume: 'The queue runs.',
    'retry-group': `${count} of ${of} are being tried again.`,
    redrive: count === 1 ? 'One message was sent again.' : `${count} messages were sent again.`,
    replay: 'What it missed in the last 30 days is being sent again.',
  } satisfies Record<ActionName, string>;
  return html`<p class="${isAll ? 'said' : 'said bad'}" role="status">${words[done]}</p>`;
}

const doneSchema = z.object({
  done: z.enum(actionNames),
  count: z.coerce.number().int().min(0),
  of: z.coerce.number().int().min(0),
});

/** As a message takes it: without control characters, and not too long. */
function plain(text: string): string {
  return text.replaceAll(/\p{Cc}/gu, ' ').slice(0, 300) || 'no reason was given';
}
