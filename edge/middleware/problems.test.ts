import { type AddressInfo } from 'node:net';
import type { Server } from 'node:http';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import express from 'express';
import pino from 'pino';
import { renderProblems } from './problems.ts';

/** What breaks inside, in words that nobody outside must read. */
const breaks: Readonly<Record<string, unknown>> = {
  'a statement': Object.assign(new Error('syntax error in SELECT secret FROM loyalty.cards'), {
    code: '42601',
    query: 'SELECT secret FROM loyalty.cards',
    where: 'PL/pgSQL function app.find_staff(text)',
  }),
  'a bug': new TypeError("Cannot read properties of undefined (reading 'secret')"),
  'a text': 'secret',
};

const logged: string[] = [];
const log = pino({ level: 'error' }, { write: (line: string) => void logged.push(line) });
let server: Server;

beforeAll(async () => {
  const app = express();
  app.get('/:what', ({ params }) => {
    throw Object.hasOwn(breaks, params.what) ? breaks[params.what] : new Error('no such test');
  });
  app.use(renderProblems({ log, isOutage: () => false }));
  await new Promise<void>((resolve) => {
    server = app.listen(0, '127.0.0.1', () => resolve());
  });
});

afterAll(() => new Promise((resolve) => server.close(resolve)));

test.each(Object.keys(breaks))(
  'whoever meets %s that breaks is told that it is ours, and nothing of what it was',
  async (what) => {
    const { port } = server.address() as AddressInfo;
    const answer = await fetch(`http://127.0.0.1:${port}/${encodeURIComponent(what)}`);
    const text = await answer.text();
    expect(answer.status).toBe(500);
    expect(JSON.parse(text)).toMatchObject({
      status: 500,
      type: expect.stringMatching(/internal-error$/),
    });
    expect(text).not.toMatch(/secret|SELECT|TypeError|app\.|\.ts/);
    expect(logged.at(-1)).toContain('secret');
  },
);
