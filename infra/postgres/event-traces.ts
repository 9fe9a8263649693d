import type { BookEntry } from '../../domain/ledger/book-entry.ts';
import type { FinishedJob } from '../../domain/ledger/finished-job.ts';
import { currentTraces } from '../telemetry/message-traces.ts';

/** The facts of an entry as they are written: with the trace of the message that caused them. */
export type EventsOf = (entry: BookEntry) => readonly unknown[];

/**
 * Which trace the facts of each entry carry on. In a batch an entry is of the message whose job has it as
 * its transaction, or of the one whose sale it came from.
 */
export function traceEntries(jobs: readonly FinishedJob[]): EventsOf {
  const traces = currentTraces();
  if (!traces) return (entry) => entry.events;
  const byTransaction = new Map<string, string>();
  for (const { id, transactionId } of jobs) {
    const trace = traces.byJob.get(id);
    if (trace !== undefined && transactionId !== null) byTransaction.set(transactionId, trace);
  }
  return ({ id, originalId, events }) =>
    withTrace(events, traces.alone ?? byTransaction.get(id) ?? byTransaction.get(originalId ?? ''));
}

/** Facts that hang on no entry: of the only message under way. */
export function traceFacts(events: readonly unknown[]): readonly unknown[] {
  return withTrace(events, currentTraces()?.alone);
}

function withTrace(events: readonly unknown[], traceparent: string | undefined) {
  if (traceparent === undefined) return events;
  return events.map((event) => ({ ...(event as object), traceparent }));
}
