import { createServer, type RequestListener, type Server } from 'node:http';
import type { Socket } from 'node:net';

/** How long a client may take, and how much it may send before its request is known. */
export interface HttpLimits {
  headersTimeoutMs: number;
  /** For the whole request, its body included. */
  requestTimeoutMs: number;
  maxHeaderBytes: number;
  /** How often slow clients are looked for; Node's own 30 s would triple the limits. */
  checkEveryMs: number;
}

/** Node answers these by itself, before there is a request that a route could see. */
const earlyRefusals: Readonly<Record<string, readonly [status: number, reason: string]>> = {
  HPE_HEADER_OVERFLOW: [431, 'Request Header Fields Too Large'],
  ERR_HTTP_REQUEST_TIMEOUT: [408, 'Request Timeout'],
};

/** A server that waits for nobody for long: a client that trickles its request is cut off. */
export function createHttpServer(listener: RequestListener, limits: HttpLimits): Server {
  const server = createServer(
    {
      headersTimeout: limits.headersTimeoutMs,
      requestTimeout: limits.requestTimeoutMs,
      connectionsCheckingInterval: limits.checkEveryMs,
      maxHeaderSize: limits.maxHeaderBytes,
      // A proxy in front keeps connections for 60 s; closing first would fail its next request.
      keepAliveTimeout: 65_000,
    },
    listener,
  );
  server.on('clientError', refuseEarly);
  noteSilent(server);
  return server;
}

/** Connections on which nothing was asked yet: browsers and proxies open some ahead. */
const silentOnes = new WeakMap<Server, Set<Socket>>();

function noteSilent(server: Server): void {
  const silent = new Set<Socket>();
  silentOnes.set(server, silent);
  server.on('connection', (socket: Socket) => {
    silent.add(socket);
    socket.once('close', () => silent.delete(socket));
  });
  server.on('request', ({ socket }) => silent.delete(socket));
}

/** As a problem document like all others, as far as anything is known of the request. */
function refuseEarly(error: Error & { code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) return void socket.destroy();
  const [status, title] = earlyRefusals[error.code ?? ''] ?? [400, 'Bad Request'];
  const body = JSON.stringify({ type: 'about:blank', title, status });
  socket.end(
    `HTTP/1.1 ${status} ${title}\r\nContent-Type: application/problem+json\r\n` +
      `Content-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
  );
}

/**
 * Connections that may wait to be taken up; the system's own limit, mostly 4,096, is above it. Whoever finds
 * no place tries again after a second at the earliest; with Node's 511 a crowd of tills would.
 */
const BACKLOG = 4_096;

/** Starts listening. @throws Error when the port is taken */
export function listen(server: Server, at: { port: number; host: string }): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ ...at, backlog: BACKLOG }, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

const CLOSING_EVERY_MS = 50;

/**
 * Stops listening and resolves when the requests under way have been answered. Node takes a connection
 * that has said nothing for one at work, and keeps one whose answer has just gone out for the next
 * request: either would hold a process up until it is killed.
 */
export function closeServer(server: Server): Promise<void> {
  return new Promise((resolve, reject) => {
    const closing = setInterval(() => server.closeIdleConnections(), CLOSING_EVERY_MS);
    server.close((error) => {
      clearInterval(closing);
      if (error) reject(error);
      else resolve();
    });
    for (const socket of silentOnes.get(server) ?? []) socket.destroy();
  });
}
