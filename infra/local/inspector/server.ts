import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { join } from 'node:path';
import { Webhook } from 'standardwebhooks';

/*
 * A receiver of webhooks for one's own machine: its page shows what arrives and whether the signature
 * holds, and has it answer as a receiver in trouble would.
 */

const { HOST: host = '127.0.0.1', PORT: port = '3003', DATA: data = '.' } = process.env;
const KEPT = 200;
const MAX_BYTES = 100_000;

interface Received {
  at: string;
  id: string;
  type: string;
  /** Undefined when it holds. */
  fault: string | undefined;
  body: string;
  answered: string;
}

const secretsFile = join(data, 'secrets.json');
const secrets = new Set(
  existsSync(secretsFile) ? (JSON.parse(readFileSync(secretsFile, 'utf8')) as string[]) : [],
);
const received: Received[] = [];
let answer = '204';

const page = readFileSync(join(import.meta.dirname, 'page.html'), 'utf8');
const script = readFileSync(join(import.meta.dirname, 'page.js'), 'utf8');
const headers = {
  'Content-Security-Policy':
    "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'unsafe-inline'",
  'X-Content-Type-Options': 'nosniff',
  'Cache-Control': 'no-store',
};

const answers: Readonly<Record<string, (body: string, request: IncomingMessage) => Content>> = {
  'GET /': () => ({ type: 'text/html; charset=utf-8', text: page }),
  'GET /page.js': () => ({ type: 'text/javascript; charset=utf-8', text: script }),
  'GET /received.json': () => ({
    type: 'application/json',
    text: JSON.stringify({ answer, received: received.toReversed() }),
  }),
  'POST /secrets': (secret) => {
    secrets.add(secret);
    writeFileSync(secretsFile, JSON.stringify([...secrets]), { mode: 0o600 });
    return {};
  },
  'POST /answer': (wanted) => {
    answer = /^\d{3}$/.test(wanted) ? wanted : 'hang';
    return {};
  },
};

interface Content {
  type?: string;
  text?: string;
}

createServer((request, response) => {
  const chunks: Buffer[] = [];
  let bytes = 0;
  request.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes > MAX_BYTES) request.destroy();
    else chunks.push(chunk);
  });
  request.on('end', () => reply(request, response, Buffer.concat(chunks).toString()));
}).listen(Number(port), host, () => console.log(JSON.stringify({ event: 'ready', port })));

function reply(request: IncomingMessage, response: ServerResponse, body: string): void {
  const { pathname } = new URL(request.url ?? '/', 'http://inspector');
  if (request.method === 'POST' && pathname === '/hooks') return take(request, response, body);
  // A page of another origin must not change what is answered here.
  const isOwn = request.headers['sec-fetch-site'] !== 'cross-site';
  const content = isOwn ? answers[`${request.method} ${pathname}`]?.(body, request) : undefined;
  response.writeHead(content ? 200 : 404, {
    ...headers,
    ...(content?.type && { 'Content-Type': content.type }),
  });
  response.end(content?.text);
}

function take(request: IncomingMessage, response: ServerResponse, body: string): void {
  const fault = faultOf(request.headers as Record<string, string>, body);
  let type = '?';
  try {
    type = String((JSON.parse(body) as { type?: unknown }).type);
  } catch {
    // Shown as it came.
  }
  received.push({
    at: new Date().toISOString(),
    id: String(request.headers['webhook-id']),
    type,
    fault,
    body,
    answered: answer,
  });
  if (received.length > KEPT) received.shift();
  if (answer !== 'hang') response.writeHead(Number(answer)).end();
}

/** Why no secret of ours made the signature; undefined when one did. */
function faultOf(signed: Record<string, string>, body: string): string | undefined {
  let fault = 'No secret is known here: add the endpoint’s with POST /secrets.';
  for (const secret of secrets) {
    try {
      new Webhook(secret).verify(body, signed);
      return undefined;
    } catch (error) {
      fault = error instanceof Error ? error.message : String(error);
    }
  }
  return fault;
}
