/** What is not the API: the operators' pages, and what a process looks at before it starts. */
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

const right = basic('ops', 'correct horse battery staple');

describe('the ops listener', () => {
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

  test.each(paths)('%s is 401 for whoever sends no password', async (path) => {
    for (const authorization of [undefined, 'Bearer correct horse battery staple', 'Basic !!!']) {
      for (const method of ['GET', 'POST', 'PUT', 'DELETE']) {
        const headers = authorization === undefined ? {} : { Authorization: authorization };
        const answer = await fetch(ops + path, { method, headers });
        expect([method, answer.status]).toEqual([method, 401]);
        expect(await answer.text()).not.toMatch(/queue/i);
      }
    }
  });

  test('is 401 for whoever sends a wrong one, on every path', async () => {
    const wrong = ['', 'correct horse battery stapl'].map((password) => basic('ops', password));
    for (const [i, path] of paths.entries()) {
      const headers = { Authorization: wrong[i % wrong.length]! };
      expect([path, (await fetch(ops + path, { headers })).status]).toEqual([path, 401]);
    }
    const headers = { Authorization: basic('admin', 'correct horse battery staple') };
    expect((await fetch(ops, { headers })).status).toBe(401);
  });

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

  test('refuses an address that guesses, and does not say when it guessed right', async () => {
    const port = await freePort();
    await stack.startEdge({ OPS_PORT: String(port) });
    const get = (authorization: string) =>
      fetch(`http://127.0.0.1:${port}/livez`, { headers: { Authorization: authorization } });
    const answers = [];
    for (let i = 0; i < 20; i += 1) answers.push((await get(basic('ops', `guess ${i}`))).status);
    expect(new Set(answers)).toEqual(new Set([401]));
    const refused = await get(basic('ops', 'one more'));
    expect(refused.status).toBe(429);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    expect((await get(right)).status).toBe(429);
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
