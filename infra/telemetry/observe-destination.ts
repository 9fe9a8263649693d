import type { TransactionId } from '../../domain/values/ids.ts';
import { toUuid } from '../postgres/ids.ts';
import type { AppMetrics } from './catalogue.ts';
import { isSampled, type Span, type Tracing } from './tracing.ts';

interface Row {
  id: string;
  events: readonly { type: string; traceparent?: string }[];
}

interface Destination {
  readonly name: string;
  /** Takes rows, whatever else it is told. */
  deliver(rows: readonly never[], ...rest: never[]): Promise<void>;
}

/** The same destination, timed and counted, and with a span for each trace that is kept. */
export function observeDestination<Observed extends Destination>(
  destination: Observed,
  options: { metrics: AppMetrics; tracing: Tracing | undefined; now: () => number },
): Observed {
  const { metrics, tracing, now } = options;
  const { name } = destination;
  const seconds = metrics.deliverySeconds.of(name);
  const lag = metrics.outboxLagSeconds.of(name);
  const [arrived, failed] = ['arrived', 'failed'].map((result) =>
    metrics.deliveries.of(name, result),
  );
  async function deliver(rows: readonly Row[], ...rest: never[]): Promise<void> {
    const spans = tracing ? startSpans(tracing, name, rows) : [];
    const startedAt = performance.now();
    try {
      await destination.deliver(rows as readonly never[], ...rest);
      seconds.observe((performance.now() - startedAt) / 1_000);
      arrived?.add();
      const madeAt = rows[0] && timeOf(rows[0].id);
      if (madeAt) lag.observe(Math.max(0, now() - madeAt) / 1_000);
      for (const span of spans) span.end();
    } catch (error) {
      failed?.add();
      for (const span of spans) span.end({ error });
      throw error;
    }
  }
  return { ...destination, deliver };
}

/** Counts facts as they leave: what the business does, known without asking its tables. */
export function createFactCounter(metrics: AppMetrics) {
  return {
    name: 'metrics',
    async deliver(rows: readonly Pick<Row, 'events'>[]): Promise<void> {
      for (const { events } of rows) {
        for (const { type } of events) metrics.facts.of(type).add();
      }
    },
  };
}

function startSpans(tracing: Tracing, name: string, rows: readonly Row[]): Span[] {
  const parents = new Set(
    rows.flatMap(({ events }) => events.map((event) => event.traceparent)).filter(isSampled),
  );
  return [...parents].map((parent) =>
    tracing.start(`deliver ${name}`, {
      kind: 'PRODUCER',
      parent,
      attributes: {
        'messaging.destination.name': name,
        'messaging.batch.message_count': rows.length,
      },
    }),
  );
}

/** When an id was made, of its UUIDv7; undefined for an id that does not say. */
function timeOf(id: string): number | undefined {
  const hex = toUuid(id as TransactionId).replaceAll('-', '');
  return hex[12] === '7' ? Number.parseInt(hex.slice(0, 12), 16) : undefined;
}
