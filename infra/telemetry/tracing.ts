import type { Attributes, Context, Span as OtelSpan } from '@opentelemetry/api';
import type { Logger } from 'pino';

/** A piece of work within a trace. */
export interface Span {
  /** W3C trace context of this span, for whom it calls. */
  traceparent: string;
  /** Whether anybody will ever see it. */
  isSampled: boolean;
  end(how?: { error?: unknown; name?: string; attributes?: Attributes }): void;
}

export type SpanKind = 'SERVER' | 'CLIENT' | 'PRODUCER' | 'CONSUMER' | 'INTERNAL';

export interface SpanStart {
  kind: SpanKind;
  /** `traceparent` of the span that caused it; without one a trace begins. */
  parent?: string | undefined;
  attributes?: Attributes;
}

export interface Tracing {
  start(name: string, how: SpanStart): Span;
  /** Resolves when what has ended is sent. */
  close(): Promise<void>;
}

export interface TracingOptions {
  /** Name of the process. */
  service: string;
  /** Base address of an OpenTelemetry collector; undefined: no tracing, and nothing is loaded. */
  endpoint: string | undefined;
  /** Share of traces that are kept, 0 to 1. */
  ratio: number;
  /**
   * Whether a sampled parent is somebody else's wish, as at the edge: its trace is then kept in the same
   * share as our own, or one till that samples all of its requests would make us keep all of them.
   */
  isFirst?: boolean;
  log: Logger;
}

/**
 * Tracing over OTLP/HTTP. The SDK takes 28 MiB, so it is loaded only where there is a collector, and
 * not through a local module, whose imports a bundle would load at once.
 */
export async function startTracing(options: TracingOptions): Promise<Tracing | undefined> {
  const { service, endpoint, ratio, isFirst, log } = options;
  if (endpoint === undefined) return undefined;
  const [api, sdk, { OTLPTraceExporter }, { resourceFromAttributes }] = await Promise.all([
    import('@opentelemetry/api'),
    import('@opentelemetry/sdk-trace'),
    import('@opentelemetry/exporter-trace-otlp-http'),
    import('@opentelemetry/resources'),
  ]);
  api.diag.setLogger(
    {
      error: (message) => log.warn({ reason: message }, 'traces'),
      warn: (message) => log.debug({ reason: message }, 'traces'),
      info: () => undefined,
      debug: () => undefined,
      verbose: () => undefined,
    },
    api.DiagLogLevel.WARN,
  );
  const share = new sdk.TraceIdRatioBasedSampler(ratio);
  const provider = new sdk.TracerProvider({
    resource: resourceFromAttributes({
      'service.name': `regulars-${service}`,
      'service.namespace': 'regulars',
    }),
    sampler: new sdk.ParentBasedSampler({
      root: share,
      ...(isFirst && { remoteParentSampled: share }),
    }),
    spanProcessors: [
      new sdk.BatchSpanProcessor({
        exporter: new OTLPTraceExporter({
          url: `${endpoint.replace(/\/$/, '')}/v1/traces`,
          timeoutMillis: 5_000,
        }),
        // A collector that is away costs us no more memory than this.
        maxQueueSize: 1_000,
        maxExportBatchSize: 200,
        scheduledDelayMillis: 2_000,
      }),
    ],
  });
  const tracer = provider.getTracer('regulars');

  const contextOf = (traceparent: string | undefined): Context => {
    const parent = parseTraceparent(traceparent);
    if (!parent) return api.ROOT_CONTEXT;
    return api.trace.setSpanContext(api.ROOT_CONTEXT, { ...parent, isRemote: true });
  };
  return {
    start(name, { kind, parent, attributes }) {
      const span = tracer.startSpan(
        name,
        { kind: api.SpanKind[kind], ...(attributes && { attributes }) },
        contextOf(parent),
      );
      return present(span, api.SpanStatusCode.ERROR);
    },
    async close() {
      await provider.shutdown().catch((error: unknown) => {
        log.warn({ err: error }, 'the last spans were not sent');
      });
    },
  };
}

function present(span: OtelSpan, errorStatus: number): Span {
  const { traceId, spanId, traceFlags } = span.spanContext();
  return {
    traceparent: `00-${traceId}-${spanId}-${traceFlags.toString(16).padStart(2, '0')}`,
    isSampled: (traceFlags & 1) === 1,
    end({ error, name, attributes } = {}) {
      if (name) span.updateName(name);
      if (attributes) span.setAttributes(attributes);
      if (error !== undefined) {
        // Of its type only: what a database says can hold a phone number.
        const type = error instanceof Error ? error.name : 'error';
        span.setAttribute('error.type', type).setStatus({ code: errorStatus, message: type });
      }
      span.end();
    },
  };
}

/** Reads https://www.w3.org/TR/trace-context/#traceparent-header; undefined for anything else. */
export function parseTraceparent(
  traceparent: string | undefined,
): { traceId: string; spanId: string; traceFlags: number } | undefined {
  const parts = /^[\da-f]{2}-([\da-f]{32})-([\da-f]{16})-([\da-f]{2})$/.exec(traceparent ?? '');
  const [, traceId, spanId, flags] = parts ?? [];
  if (!traceId || !spanId || !flags) return undefined;
  return { traceId, spanId, traceFlags: Number.parseInt(flags, 16) };
}

/** Whether somebody keeps the trace. What nobody keeps is passed on, and nothing is noted for it. */
export function isSampled(traceparent: string | undefined): traceparent is string {
  return traceparent !== undefined && (Number.parseInt(traceparent.slice(-2), 16) & 1) === 1;
}
