import type { Logger } from 'pino';
import type { AppMetrics } from './catalogue.ts';
import { closeServer, createHttpServer, listen } from './http-server.ts';

/** The media type of what `Metrics.text` gives. */
export const METRICS_TYPE = 'text/plain; version=0.0.4; charset=utf-8';

const LIMITS = {
  headersTimeoutMs: 5_000,
  requestTimeoutMs: 5_000,
  maxHeaderBytes: 8_192,
  checkEveryMs: 1_000,
};

/**
 * `GET /metrics` of a process that answers no other HTTP, for a Prometheus on the same machine or
 * inside the same wall: it asks for no password, so `host` is 127.0.0.1 unless somebody says otherwise.
 * A port that is taken, by a second worker of the machine, is no reason not to work.
 * @returns close
 */
export async function serveMetrics(options: {
  metrics: AppMetrics;
  /** Undefined: nobody asks. */
  port: number | undefined;
  host: string;
  log: Logger;
}): Promise<() => Promise<void>> {
  const { metrics, port, host, log } = options;
  if (port === undefined) return async () => undefined;
  const server = createHttpServer((request, response) => {
    if (request.method !== 'GET' || request.url !== '/metrics') {
      response.writeHead(404).end();
      return;
    }
    metrics.text().then(
      (text) => response.writeHead(200, { 'Content-Type': METRICS_TYPE }).end(text),
      (error: unknown) => {
        log.warn({ err: error }, 'metrics could not be read');
        response.writeHead(500).end();
      },
    );
  }, LIMITS);
  try {
    await listen(server, { port, host });
  } catch (error) {
    log.warn({ err: error, port, host }, 'metrics are not served');
    return async () => undefined;
  }
  return () => closeServer(server);
}
