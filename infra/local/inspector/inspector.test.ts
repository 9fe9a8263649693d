import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createSigner } from '../../webhooks/sign.ts';
import { freePort } from '../ports.ts';
import type { StandInHandle } from '../stand-in.ts';
import { startInspector } from './inspector.ts';

let dir: string;
let inspector: StandInHandle;

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'regulars-inspector-'));
  inspector = await startInspector(dir, await freePort());
});

afterAll(async () => {
  await inspector.stop();
  rmSync(dir, { recursive: true, force: true });
});

const body = JSON.stringify({ type: 'webhook.test', data: {} });
const secret = (letter: number) => `whsec_${Buffer.alloc(32, letter).toString('base64')}`;

async function send(signedWith: string): Promise<number> {
  const headers = createSigner([signedWith])('evt_1', Date.now(), body);
  const answer = await fetch(`${inspector.url}/hooks`, { method: 'POST', headers, body });
  return answer.status;
}

test('the inspector shows what arrives, and by whom it was signed', async () => {
  await fetch(`${inspector.url}/secrets`, { method: 'POST', body: secret(1) });
  expect(await send(secret(1))).toBe(204);
  expect(await send(secret(2))).toBe(204);
  await fetch(`${inspector.url}/answer`, { method: 'POST', body: '410' });
  expect(await send(secret(1))).toBe(410);
  const shown = await fetch(`${inspector.url}/received.json`);
  expect(await shown.json()).toMatchObject({
    answer: '410',
    received: [
      { type: 'webhook.test', answered: '410' },
      { fault: 'No matching signature found', answered: '204' },
      { id: 'evt_1', body },
    ],
  });
  const page = await fetch(inspector.url);
  expect(page.headers.get('content-security-policy')).toMatch(/default-src 'none'/);
  expect(await page.text()).toContain('Webhook inspector');
});
