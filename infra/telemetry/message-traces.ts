import { AsyncLocalStorage } from 'node:async_hooks';

interface MessageTraces {
  /** Of the only message under way: whatever is written is written for it. */
  alone: string | undefined;
  byJob: ReadonlyMap<string, string>;
}

const traces = new AsyncLocalStorage<MessageTraces>();

/**
 * Does work for messages so that the facts it commits carry on their traces. Rules and handlers need not
 * know of it; where no message has a trace, nothing is kept.
 */
export function withTracesOf<T>(
  messages: readonly { id: string; traceparent?: string | undefined }[],
  work: () => T,
): T {
  const byJob = new Map<string, string>();
  for (const { id, traceparent } of messages) {
    if (traceparent !== undefined) byJob.set(id, traceparent);
  }
  if (byJob.size === 0) return work();
  const alone = messages.length === 1 ? messages[0]?.traceparent : undefined;
  return traces.run({ alone, byJob }, work);
}

/** The traces of the work under way; undefined when there are none. */
export function currentTraces(): MessageTraces | undefined {
  return traces.getStore();
}
