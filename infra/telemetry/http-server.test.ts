import { once } from 'node:events';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { Agent, get, type Server } from 'node:http';
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
    expect(milliseconds).toBeLessThan(20_000);
  });
});

test('headers beyond all measure are answered 431, as a problem', async () => {
  const { answer } = await trickle(`GET / HTTP/1.1\r\nHost: edge\r\nX: ${'x'.repeat(3_000)}`);
  expect(answer).toMatch(/^HTTP\/1\.1 431 .*application\/problem\+json/s);
});

describe('a server that stops', () => {
  /** A server whose answers a test gives when it likes. */
  async function aServer() {
    const answers: (() => void)[] = [];
    const stopping = createHttpServer((_request, response) => {
      answers.push(() => response.end('done'));
    }, LIMITS);
    await listen(stopping, { port: 0, host: '127.0.0.1' });
    const { port } = stopping.address() as AddressInfo;
    return { server: stopping, answers, port };
  }

  async function dial(port: number): Promise<Socket> {
    const socket = connect({ host: '127.0.0.1', port });
    socket.on('error', () => undefined);
    await once(socket, 'connect');
    return socket;
  }

  test('waits for nobody who has connected and said nothing, as browsers and proxies do', async () => {
    const { server: stopping, port } = await aServer();
    const accepted = once(stopping, 'connection');
    const silent = await dial(port);
    await accepted;
    const cut = once(silent, 'close');
    await closeServer(stopping);
    await cut;
  });

  test('answers the request under way, and keeps its connection no longer', async () => {
    const { server: stopping, answers, port } = await aServer();
    const agent = new Agent({ keepAlive: true });
    const asked = once(stopping, 'request');
    const answered = new Promise<string>((resolve) => {
      get({ host: '127.0.0.1', port, agent }, (response) => {
        let text = '';
        response.on('data', (chunk: Buffer) => (text += chunk.toString()));
        response.on('end', () => resolve(text));
      });
    });
    await asked;
    const closed = closeServer(stopping);
    answers.forEach((answer) => answer());
    expect(await answered).toBe('done');
    await closed;
    agent.destroy();
  });
});
