import type { AppMetrics } from './catalogue.ts';
import { isSampled, type Tracing } from './tracing.ts';

interface Answered {
  result: { kind: string; failure?: string | undefined; status?: number | null };
}

type Send<Sent> = (
  url: string,
  headers: Readonly<Record<string, string>>,
  body: string,
) => Promise<Sent>;

/** The same sender of webhooks, timed and counted; a trace that is kept goes on in its receiver. */
export function observeSender<Sent extends Answered>(
  send: Send<Sent>,
  { metrics, tracing }: { metrics: AppMetrics; tracing: Tracing | undefined },
): Send<Sent> {
  const seconds = metrics.webhookSeconds.of();
  return async (url, headers, body) => {
    const { traceparent } = headers;
    const span = isSampled(traceparent)
      ? tracing?.start('send webhook', { kind: 'CLIENT', parent: traceparent })
      : undefined;
    const startedAt = performance.now();
    const sent = await send(
      url,
      span ? { ...headers, traceparent: span.traceparent } : headers,
      body,
    );
    const { kind, failure, status } = sent.result;
    seconds.observe((performance.now() - startedAt) / 1_000);
    metrics.webhookTries.of(failure ?? kind).add();
    span?.end({
      ...(failure !== undefined && { error: new Error(failure) }),
      attributes: {
        'regulars.outcome': failure ?? kind,
        ...(status && { 'http.response.status_code': status }),
      },
    });
    return sent;
  };
}
