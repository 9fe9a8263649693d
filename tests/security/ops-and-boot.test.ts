/** What is not the API: the operators' pages, and what a process looks at before it starts. */
import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { freePort } from '../../infra/local/ports.ts';
import { startTestStack, type TestStack } from '../stack.ts';

const basic = (user: string, password: string) =>
  `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;

let stack: TestStack;
let ops: string;

beforeAll(async () => {
  stack = await startTestStack({ processes: [] });
  const port = await freePort();
  await stack.startEdge({ OPS_PORT: String(port) });
  ops = `http://127.0.0.1:${port}`;
});

afterAll(() => stack?.stop());

type Ask = { path: string; method?: string; authorization?: string | undefined };

/** Asks the ops listener from an address of one's own (127.0.0.0/8 is all this machine's). */
async function ask(
  from: string,
  { path, method = 'GET', authorization }: Ask,
): Promise<{ status: number | undefined; retryAfter: number; body: string }> {
  const headers = authorization === undefined ? {} : { Authorization: authorization };
  const asked = request(ops + path, { method, headers, localAddress: from, agent: false });
  asked.end();
  const [answer] = (await once(asked, 'response')) as [IncomingMessage];
  const retryAfter = Number(answer.headers['retry-after']);
  return { status: answer.statusCode, retryAfter, body: await text(answer) };
}

describe('the ops listener', () => {
  const right = basic('ops', 'correct horse battery staple');
  const paths = [
    '/',
    '/ops',
    '/ops/',
    '/ops/search?q=x',
    '/ops/actions/pause',
    '/ops/board/api/queues',
    '/ops/board/static/app.js',
    '/metrics',
    '/livez',
    '/v1',
  ];

  // Each from an address of its own, or the later ones would be refused for the earlier ones' guesses.
  test.each(paths.map((path, i) => [path, `127.0.0.${10 + i}`] as const))(
    '%s is 401 for whoever does not know the password',
    async (path, from) => {
      for (const authorization of [
        undefined,
        basic('ops', ''),
        basic('ops', 'correct horse battery stapl'),
        basic('admin', 'correct horse battery staple'),
        'Bearer correct horse battery staple',
        'Basic !!!',
      ]) {
        for (const method of ['GET', 'POST', 'PUT', 'DELETE']) {
          const { status, body } = await ask(from, { path, method, authorization });
          expect([method, status]).toEqual([method, 401]);
          expect(body).not.toMatch(/queue/i);
        }
      }
    },
  );

  test('shows its pages to whoever does, and no page of elsewhere presses its buttons', async () => {
    const headers = { Authorization: right };
    expect((await fetch(`${ops}/ops/board/api/queues`, { headers })).status).toBe(200);
    const press = (origin: string) =>
      fetch(`${ops}/ops/board/api/queues/transactions/pause`, {
        method: 'PUT',
        headers: { ...headers, Origin: origin },
      });
    for (const origin of ['https://evil.example', 'null', ops.replace('http', 'https') + '0']) {
      expect((await press(origin)).status).toBe(403);
    }
  });

  test('refuses an address that guesses, and only that, and does not say when it guessed right', async () => {
    const get = (from: string, authorization: string) =>
      ask(from, { path: '/metrics', authorization });
    for (let i = 0; i < 20; i += 1) {
      expect((await get('127.0.0.2', basic('ops', `guess ${i}`))).status).toBe(401);
    }
    const refused = await get('127.0.0.2', basic('ops', 'one more'));
    expect(refused.status).toBe(429);
    expect(refused.retryAfter).toBeGreaterThan(0);
    expect((await get('127.0.0.2', right)).status).toBe(429);
    expect((await get('127.0.0.3', right)).status).toBe(200);
  });
});

describe('a process refuses to start', () => {
  test.each([
    ['edge', 'EDGE_DATABASE_URL'],
    ['worker', 'WORKER_DATABASE_URL'],
    ['relay', 'WORKER_DATABASE_URL'],
  ])(
    'as %s with a role that could go around the wall between businesses',
    async (name, variable) => {
      const env = { [variable]: stack.database.ownerUrl };
      const start = startTestStack({ processes: [name], env });
      await expect(start.then((started) => started.stop())).rejects.toThrow(
        /would not keep businesses apart: .* is a superuser/,
      );
    },
  );
});
