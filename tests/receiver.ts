import {
  createServer,
  type IncomingHttpHeaders,
  type Server,
  type ServerResponse,
} from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';

/** One request as it came. */
export type Received = {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  readonly arrivedAtMs: number;
  readonly body: { readonly type: string; readonly timestamp: string; readonly data: WebhookData };
};

export type WebhookData = { readonly sequence?: number; readonly cardId?: string };

/** How a receiver answers; `hang` never does. */
export type Answer = number | 'hang' | { readonly status: number; readonly headers?: object };

/** A business's server, to send webhooks to. */
export type Receiver = {
  readonly url: string;
  readonly received: readonly Received[];
  /** Connections that were ever made to it. */
  readonly connections: number;
  /** What it answers from now on, to whatever path; who still waits is cut off. */
  answer(answer: Answer): void;
  /** Those of one type. */
  ofType(type: string): Received[];
  close(): Promise<void>;
};

/** Starts one that answers 204 until told otherwise, on any free port unless one is named. */
export async function startReceiver(port = 0): Promise<Receiver> {
  const waiting = new Set<ServerResponse>();
  const received: Received[] = [];
  let answer: Answer = 204;
  let connections = 0;
  const server: Server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const text = Buffer.concat(chunks).toString();
      received.push({
        path: request.url ?? '',
        headers: request.headers,
        text,
        arrivedAtMs: Date.now(),
        body: JSON.parse(text) as Received['body'],
      });
      if (answer === 'hang') {
        waiting.add(response);
        return;
      }
      const { status, headers = {} } = typeof answer === 'number' ? { status: answer } : answer;
      response.writeHead(status, headers as Record<string, string>).end(status === 204 ? '' : 'so');
    });
  });
  server.on('connection', () => (connections += 1));
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hooks`,
    received,
    get connections() {
      return connections;
    },
    answer(next) {
      answer = next;
      waiting.forEach((response) => response.destroy());
      waiting.clear();
    },
    ofType: (type) => received.filter(({ body }) => body.type === type),
    async close() {
      if (!server.listening) return;
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}
