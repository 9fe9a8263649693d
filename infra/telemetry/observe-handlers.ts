import type { AppMetrics } from './catalogue.ts';
import { withTracesOf } from './message-traces.ts';
import { isSampled, type Span, type Tracing } from './tracing.ts';

interface Message {
  id: string;
  receivedAt: string;
  traceparent?: string | undefined;
}

type Handle = (messages: readonly Message[]) => Promise<{ status: string }[]>;

/**
 * The same handlers, counted and timed batch by batch, and with a span for each message whose trace is
 * kept. What they commit carries that span on.
 */
export function observeHandlers<Handlers extends object>(
  handlers: Handlers,
  options: { metrics: AppMetrics; tracing: Tracing | undefined; now: () => number },
): Handlers {
  const observed = Object.entries(handlers).map(([command, handle]) => [
    command,
    observe(command, handle as Handle, options),
  ]);
  return Object.fromEntries(observed) as Handlers;
}

function observe(
  command: string,
  handle: Handle,
  { metrics, tracing, now }: Parameters<typeof observeHandlers>[1],
): Handle {
  const size = metrics.batchSize.of(command);
  const apply = metrics.applySeconds.of(command);
  const latency = metrics.commandSeconds.of(command);
  return async (messages) => {
    const spans = tracing ? startSpans(tracing, command, messages) : undefined;
    const followed = spans ? messages.map((message, i) => follow(message, spans[i])) : messages;
    const startedAt = performance.now();
    try {
      const outcomes = await withTracesOf(followed, () => handle(followed));
      size.observe(messages.length);
      apply.observe((performance.now() - startedAt) / 1_000);
      const at = now();
      outcomes.forEach(({ status }, i) => {
        metrics.outcomes.of(command, status).add();
        latency.observe(Math.max(0, at - Date.parse(messages[i]?.receivedAt ?? '')) / 1_000);
        spans?.[i]?.end({ attributes: { 'regulars.outcome': status } });
      });
      return outcomes;
    } catch (error) {
      spans?.forEach((span) => span?.end({ error }));
      throw error;
    }
  };
}

function startSpans(
  tracing: Tracing,
  command: string,
  messages: readonly Message[],
): (Span | undefined)[] | undefined {
  if (!messages.some(({ traceparent }) => isSampled(traceparent))) return undefined;
  return messages.map(({ traceparent }) => {
    // A trace begins at the edge or not at all: what a schedule does is not a request's doing.
    if (!isSampled(traceparent)) return undefined;
    return tracing.start(`apply ${command}`, {
      kind: 'CONSUMER',
      parent: traceparent,
      attributes: {
        'messaging.system': 'bullmq',
        'messaging.batch.message_count': messages.length,
        'regulars.command': command,
      },
    });
  });
}

function follow(message: Message, span: Span | undefined): Message {
  return span ? { ...message, traceparent: span.traceparent } : message;
}
