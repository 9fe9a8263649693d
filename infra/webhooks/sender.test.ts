import { createServer, type Server, type Socket } from 'node:net';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from '@jest/globals';
import { type Receiver, startReceiver } from '../../tests/receiver.ts';
import { createConnector, type Resolve } from './connect.ts';
import { createSender, retryAfterMs } from './sender.ts';

const open: { close(): unknown }[] = [];

afterEach(async () => {
  for (const thing of open.splice(0)) await thing.close();
});

async function aReceiver(): Promise<Receiver> {
  const receiver = await startReceiver();
  open.push(receiver);
  return receiver;
}

function aSender(over: { allowPrivate?: boolean; timeoutMs?: number; resolve?: Resolve } = {}) {
  const sender = createSender({ allowPrivate: true, timeoutMs: 30_000, ...over });
  open.push(sender);
  return sender;
}

/** A name server that gives one address after the other, the last for ever. */
function answering(...addresses: string[]): Resolve {
  return async () => [
    { address: (addresses.length > 1 ? addresses.shift() : addresses[0])!, family: 4 },
  ];
}

/** A server that does with each connection as it is told. */
async function aServer(serve: (socket: Socket) => void): Promise<string> {
  const sockets = new Set<Socket>();
  const server: Server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    serve(socket);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  open.push({
    close() {
      sockets.forEach((socket) => socket.destroy());
      server.close();
    },
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

const body = '{}';

describe('a webhook', () => {
  test('arrives over kept connections, and the beginning of the answer is kept', async () => {
    const receiver = await aReceiver();
    receiver.answer(200);
    const sender = aSender();
    for (let i = 0; i < 5; i += 1) {
      expect(await sender.send(receiver.url, { 'webhook-id': String(i) }, body)).toMatchObject({
        result: { kind: 'arrived', status: 200 },
        answer: 'so',
      });
    }
    // One is free again a moment after its answer has come; whoever is sooner uses another.
    expect(receiver.connections).toBeLessThanOrEqual(2);
    expect(receiver.received.map(({ headers }) => headers['webhook-id'])).toEqual([
      '0',
      '1',
      '2',
      '3',
      '4',
    ]);
  });

  test('goes nowhere that its receiver redirects it to', async () => {
    const [target, receiver] = [await aReceiver(), await aReceiver()];
    const strict = aSender();
    receiver.answer({ status: 302, headers: { Location: target.url } });
    expect(await strict.send(receiver.url, {}, body)).toMatchObject({
      result: { kind: 'failed', failure: 'redirected', status: 302 },
    });
    receiver.answer({ status: 307, headers: { Location: 'file:///etc/passwd' } });
    expect(await strict.send(receiver.url, {}, body)).toMatchObject({
      result: { kind: 'failed', failure: 'forbidden-address', status: 307 },
    });
    expect(target.connections).toBe(0);
  });

  test('is not waited for longer than it may take, whether nothing comes or only a trickle', async () => {
    const silent = await aServer(() => undefined);
    const trickling = await aServer((socket) => {
      const timer = setInterval(() => socket.write('H'), 20);
      socket.on('close', () => clearInterval(timer));
    });
    const sender = aSender({ timeoutMs: 150 });
    const sent = await sender.send(silent, {}, body);
    expect(sent.result).toMatchObject({ kind: 'failed', failure: 'timed-out', status: null });
    expect(sent.latencyMs).toBeLessThan(10_000);
    const trickled = await sender.send(trickling, {}, body);
    expect(trickled.result).toMatchObject({ kind: 'failed' });
  });

  test('is answered by its status, however long and however slow the rest is', async () => {
    const head = 'HTTP/1.1 200 OK\r\nContent-Length: 100000000\r\n\r\n';
    const endless = await aServer((socket) => socket.write(`${head}${'x'.repeat(200_000)}`));
    const sent = await aSender().send(endless, {}, body);
    expect(sent.result).toEqual({ kind: 'arrived', status: 200 });
    expect(sent.answer).toBe('x'.repeat(1_024));
    const slow = await aServer((socket) => socket.write(`${head}slow`));
    const late = await aSender({ timeoutMs: 2_000 }).send(slow, {}, body);
    expect(late.result).toEqual({ kind: 'arrived', status: 200 });
  });

  test('is sent again at once when its kept connection was just closed', async () => {
    let served = 0;
    const url = await aServer((socket) => {
      socket.on('data', () => {
        served += 1;
        if (served === 2) socket.resetAndDestroy();
        else socket.write('HTTP/1.1 204 No Content\r\n\r\n');
      });
    });
    const sender = aSender();
    expect((await sender.send(url, {}, body)).result).toMatchObject({ kind: 'arrived' });
    expect((await sender.send(url, {}, body)).result).toMatchObject({ kind: 'arrived' });
    expect(served).toBe(3);
  });
});

describe('nothing inside', () => {
  test.each(['http://127.0.0.1:1/', 'https://169.254.169.254/', 'https://[::1]/'])(
    'is asked for by its address: %s',
    async (url) => {
      const sent = await aSender({ allowPrivate: false }).send(url, {}, body);
      expect(sent.result).toMatchObject({ kind: 'failed', failure: 'forbidden-address' });
    },
  );

  test('is connected to by an address that nobody has looked at', async () => {
    const connect = createConnector({ allowPrivate: false, timeoutMs: 1_000 });
    const refused = await new Promise<Error | null>((resolve) => {
      const receiver = { hostname: '127.0.0.1', protocol: 'http:', port: '1' };
      connect(receiver, (...[error]) => resolve(error));
    });
    expect(refused?.constructor.name).toBe('ForbiddenAddressError');
  });

  test('is connected to when a name that was public leads there now (DNS rebinding)', async () => {
    const looked: string[] = [];
    const resolve: Resolve = async (name) => {
      looked.push(name);
      return answering('127.0.0.1')(name);
    };
    const sender = aSender({ allowPrivate: false, resolve });
    const { result } = await sender.send('https://hooks.cafe.example:8443/', {}, body);
    expect(result).toMatchObject({ kind: 'failed', failure: 'forbidden-address', status: null });
    expect(looked).toEqual(['hooks.cafe.example']);
  });

  test('is connected to when only one of several addresses leads there', async () => {
    const resolve: Resolve = async () => [
      { address: '93.184.215.14', family: 4 },
      { address: '::ffff:10.0.0.1', family: 6 },
    ];
    const sender = aSender({ allowPrivate: false, resolve });
    const { result } = await sender.send('https://hooks.cafe.example/', {}, body);
    expect(result).toMatchObject({ failure: 'forbidden-address' });
  });
});

test('a receiver’s wish to wait is read as seconds or as a date, and is a day at most', () => {
  const now = Date.parse('2026-11-22T08:00:00Z');
  expect(retryAfterMs('120', now)).toBe(120_000);
  expect(retryAfterMs('Sun, 22 Nov 2026 08:01:00 GMT', now)).toBe(60_000);
  expect(retryAfterMs('Sun, 22 Nov 2026 07:00:00 GMT', now)).toBe(0);
  expect(retryAfterMs('999999999', now)).toBe(86_400_000);
  expect(retryAfterMs('soon', now)).toBeNull();
  expect(retryAfterMs(undefined, now)).toBeNull();
});
