import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import express from 'express';
import { MemoryStore, type Store } from 'express-rate-limit';
import type { Server } from 'node:http';
import pino from 'pino';
import { z } from 'zod';
import { defineRoute } from '../route.ts';
import { guardRoute } from './guard.ts';
import { renderProblems } from './problems.ts';

const log = pino({ level: 'silent' });
const route = defineRoute({
  name: 'guarded',
  method: 'get',
  path: '/guarded',
  tag: 'POS',
  summary: 'Guarded',
  scope: 'public',
  guard: { perMinute: 2, countsMisses: true },
  query: z.object({}),
  responses: {},
  handle: async () => ({ status: 200 }),
});

/** A Redis that is away. */
const away = new MemoryStore();
away.get = away.increment = () => Promise.reject(new Error('away'));

let server: Server;
const stores: Record<string, Store> = { away, there: new MemoryStore() };

beforeAll(async () => {
  const app = express();
  for (const [name, store] of Object.entries(stores)) {
    const { callers } = guardRoute(route, {
      store,
      missesPerMinute: 5,
      onGuessing: () => undefined,
      log,
    });
    app.get(`/${name}`, ...callers, (_request, response) => response.end());
  }
  app.use(renderProblems({ log, isOutage: () => false }));
  await new Promise<void>((resolve) => {
    server = app.listen(0, '127.0.0.1', () => resolve());
  });
});

afterAll(() => new Promise((resolve) => server.close(resolve)));

const ask = async (path: string) => {
  const { port } = server.address() as AddressInfo;
  return (await fetch(`http://127.0.0.1:${port}${path}`)).status;
};

test('a guarded route takes so many a minute', async () => {
  expect([await ask('/there'), await ask('/there'), await ask('/there')]).toEqual([200, 200, 429]);
});

test('a guarded route is closed while nobody can count: a guess would be free', async () => {
  expect(await ask('/away')).toBe(503);
});
