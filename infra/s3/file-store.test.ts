import { mkdtempSync, rmSync } from 'node:fs';
import { get } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { startS3 } from '../local/s3/s3.ts';
import type { FileStore } from '../../domain/files/file-store.ts';
import { createFileStore } from './file-store.ts';
import type { StandInHandle } from '../local/stand-in.ts';

const dataDir = mkdtempSync(join(tmpdir(), 'regulars-s3-'));
let s3: StandInHandle;
let files: FileStore;

beforeAll(async () => {
  s3 = await startS3({ dataDir });
  files = createFileStore({
    bucket: s3.env['S3_BUCKET']!,
    region: s3.env['S3_REGION']!,
    endpoint: s3.url,
    env: s3.env,
  });
});

afterAll(async () => {
  await s3.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

const csv = { contentType: 'text/csv' };
async function* pieces(count: number, piece: string) {
  for (let i = 0; i < count; i += 1) yield piece;
}

describe('a file', () => {
  test.each([
    ['of nothing', 0, 'x'],
    ['of a few bytes', 3, 'abc'],
    ['of one part and of nothing after it', 5, 'x'.repeat(1_048_576)],
    ['of several parts', 1_301, 'y'.repeat(10_000)],
  ])('%s is read as it was written', async (_, count, piece) => {
    const key = `tests/${count}-${piece.length}.csv`;
    const { bytes } = await files.write(key, pieces(count, piece), csv);
    expect(bytes).toBe(count * piece.length);
    const content = await text(Readable.from(await files.read(key)));
    expect(content.length).toBe(bytes);
    expect(content === piece.repeat(count)).toBe(true);
  });

  test('whose writing fails is not there, not even a part of it', async () => {
    async function* broken() {
      yield 'z'.repeat(11_000_000);
      throw new Error('the source broke');
    }
    await expect(files.write('tests/broken.csv', broken(), csv)).rejects.toThrow(
      'the source broke',
    );
    await expect(files.read('tests/broken.csv')).rejects.toMatchObject({ status: 404 });
  });

  test('is gone when it is removed, and may be removed again', async () => {
    await files.write('tests/gone.csv', pieces(1, 'a'), csv);
    await files.remove('tests/gone.csv');
    await files.remove('tests/gone.csv');
    await expect(files.read('tests/gone.csv')).rejects.toMatchObject({ status: 404 });
  });

  test('is fetched with nothing but its link, under the name it is given', async () => {
    await files.write('tests/ação 1.csv', pieces(1, 'olá'), {
      ...csv,
      fileName: 'customers.csv',
    });
    const link = await files.link('tests/ação 1.csv', 60);
    expect(new URL(link).searchParams.get('X-Amz-Expires')).toBe('60');
    const answer = await new Promise<{ disposition: string | undefined; body: string }>(
      (resolve, reject) => {
        get(link, (response) => {
          const disposition = response.headers['content-disposition'];
          text(response).then((body) => resolve({ disposition, body }), reject);
        }).on('error', reject);
      },
    );
    expect(answer).toEqual({ disposition: 'attachment; filename="customers.csv"', body: 'olá' });
  });
});

test('a browser may upload to the stand-in from the page of an app', async () => {
  const link = await files.uploadLink('tests/up.png', { contentType: 'image/png', bytes: 3 }, 60);
  const from = { Origin: 'https://staff.example' };
  const asked = await fetch(link, {
    method: 'OPTIONS',
    headers: { ...from, 'Access-Control-Request-Method': 'PUT' },
  });
  expect(asked.headers.get('access-control-allow-methods')).toContain('PUT');
  const headers = { ...from, 'Content-Type': 'image/png' };
  const sent = await fetch(link, { method: 'PUT', headers, body: 'abc' });
  expect([sent.status, sent.headers.get('access-control-allow-origin')]).toEqual([200, '*']);
  expect(Buffer.from((await files.readShort('tests/up.png', 3)) as Uint8Array).toString()).toBe(
    'abc',
  );
  expect(await files.readShort('tests/up.png', 2)).toBe('too-long');
  expect(await files.readShort('tests/nothing.png', 2)).toBe('absent');
});

test('the stand-in is for this machine alone', async () => {
  const { networkInterfaces } = await import('node:os');
  const other = Object.values(networkInterfaces())
    .flat()
    .find((address) => address && !address.internal && address.family === 'IPv4')?.address;
  if (!other) return;
  await expect(
    new Promise((resolve, reject) => {
      get(`http://${other}:${s3.port}/`, resolve).on('error', reject);
    }),
  ).rejects.toThrow(/ECONNREFUSED/);
});
