import { connect, type AddressInfo } from 'node:net';
import type { Server } from 'node:http';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { closeServer, createHttpServer, listen } from './http-server.ts';

const LIMITS = {
  headersTimeoutMs: 200,
  requestTimeoutMs: 400,
  maxHeaderBytes: 2_000,
  checkEveryMs: 50,
};

let server: Server;

beforeAll(async () => {
  server = createHttpServer((request, response) => {
    request.resume().once('end', () => response.end('done'));
  }, LIMITS);
  await listen(server, { port: 0, host: '127.0.0.1' });
});

afterAll(() => closeServer(server));

/** Says `first`, then a byte more every 50 ms for as long as it is listened to. */
function trickle(first: string): Promise<{ answer: string; milliseconds: number }> {
  const startedAt = performance.now();
  const { port } = server.address() as AddressInfo;
  return new Promise((resolve) => {
    let answer = '';
    const socket = connect({ host: '127.0.0.1', port }, () => socket.write(first));
    const more = setInterval(() => socket.write('x'), 50);
    socket.on('data', (data) => (answer += data.toString()));
    socket.on('error', () => undefined);
    socket.on('close', () => {
      clearInterval(more);
      resolve({ answer, milliseconds: performance.now() - startedAt });
    });
  });
}

describe('a client that never comes to an end is cut off', () => {
  test.each([
    ['in its headers', 'GET / HTTP/1.1\r\nHost: edge\r\nX: '],
    ['in its body', 'POST / HTTP/1.1\r\nHost: edge\r\nContent-Length: 1000\r\n\r\n'],
  ])('%s', async (_, first) => {
    const { answer, milliseconds } = await trickle(first);
    expect(answer).toMatch(/^HTTP\/1\.1 408 .*"status":408/s);
    expect(milliseconds).toBeLessThan(3_000);
  });
});

test('headers beyond all measure are answered 431, as a problem', async () => {
  const { answer } = await trickle(`GET / HTTP/1.1\r\nHost: edge\r\nX: ${'x'.repeat(3_000)}`);
  expect(answer).toMatch(/^HTTP\/1\.1 431 .*application\/problem\+json/s);
});
