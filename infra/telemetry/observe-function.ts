import type { AppMetrics } from './catalogue.ts';
import { isSampled, type Span, type Tracing } from './tracing.ts';

interface Event {
  Records: readonly { body: string }[];
}

interface Running {
  handle(event: Event): Promise<{ batchItemFailures: readonly unknown[] }>;
}

/** The same function, timed and counted, and with a span for each trace that is kept. */
export function observeFunction<Observed extends Running>(
  name: string,
  running: Observed,
  { metrics, tracing }: { metrics: AppMetrics; tracing: Tracing | undefined },
): Observed {
  const seconds = metrics.functionSeconds.of(name);
  async function handle(event: Event) {
    const { length } = event.Records;
    const spans = tracing ? startSpans(tracing, name, event) : [];
    const startedAt = performance.now();
    try {
      const answer = await running.handle(event);
      const failed = answer.batchItemFailures.length;
      metrics.functionMessages.of(name, 'done').add(length - failed);
      metrics.functionMessages.of(name, 'failed').add(failed);
      for (const span of spans) span.end();
      return answer;
    } catch (error) {
      metrics.functionMessages.of(name, 'failed').add(length);
      for (const span of spans) span.end({ error });
      throw error;
    } finally {
      seconds.observe((performance.now() - startedAt) / 1_000);
    }
  }
  return { ...running, handle };
}

function startSpans(tracing: Tracing, name: string, { Records }: Event): Span[] {
  const parents = new Set(Records.map(({ body }) => traceOf(body)).filter(isSampled));
  return [...parents].map((parent) =>
    tracing.start(`handle ${name}`, {
      kind: 'CONSUMER',
      parent,
      attributes: {
        'messaging.system': 'aws_sqs',
        'messaging.batch.message_count': Records.length,
      },
    }),
  );
}

/** The trace of the fact in a message, found without reading all of it. */
function traceOf(body: string): string | undefined {
  return /"traceparent":"([\da-f-]{55})"/.exec(body)?.[1];
}
