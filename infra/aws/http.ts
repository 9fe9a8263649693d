import { type IncomingMessage, request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';

export interface HttpRequest {
  method: 'GET' | 'PUT' | 'POST' | 'DELETE';
  headers: Readonly<Record<string, string>>;
  body?: Buffer;
  /** Gives up when it aborts. */
  signal?: AbortSignal;
}

const SILENCE_MS = 20_000;
const MAX_TEXT_BYTES = 1_000_000;

/** A service refused, or did not answer. */
export class ServiceError extends Error {
  override readonly name = 'ServiceError';
  readonly status: number;
  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/**
 * One request with Node's own client, which costs no memory; `fetch` would cost 17 MB at its first use.
 * @throws ServiceError for anything but 2xx, and when nothing moves for 20 s
 */
export function httpSend(
  url: URL,
  { method, headers, body, signal }: HttpRequest,
): Promise<IncomingMessage> {
  const request = url.protocol === 'http:' ? httpRequest : httpsRequest;
  const length = body && { 'content-length': String(body.length) };
  return new Promise((resolve, reject) => {
    const options = { method, headers: { ...headers, ...length }, ...(signal && { signal }) };
    const outgoing = request(url, options, (answer) => {
      const { statusCode: status = 0 } = answer;
      if (status >= 200 && status < 300) return resolve(answer);
      readAll(answer).then(
        (text) => reject(new ServiceError(status, `${method} ${url.pathname}: ${status} ${text}`)),
        reject,
      );
    });
    outgoing.setTimeout(SILENCE_MS, () =>
      outgoing.destroy(new ServiceError(0, `${method} ${url.pathname}: no answer`)),
    );
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

/** The same, for an answer that is short. */
export async function httpText(url: URL, request: HttpRequest): Promise<string> {
  return readAll(await httpSend(url, request));
}

async function readAll(answer: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of answer as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > MAX_TEXT_BYTES) throw new ServiceError(0, 'the answer is too long');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
