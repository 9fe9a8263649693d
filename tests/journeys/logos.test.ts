/** A brand's logo, from a file on somebody's disk to what anybody sees, through every process. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import sharp from 'sharp';
import { MAX_UPLOAD_BYTES } from '../../domain/tenancy/logo.ts';
import { photograph, picture, pixelBomb } from '../builders/images.ts';
import type { Job } from '../pos-client.ts';
import { startTestS3, type TestS3 } from '../s3.ts';
import { startTestStack, type TestStack } from '../stack.ts';
import { until } from '../until.ts';
import { type Api, createApi, refusal } from './api.ts';
import { openShop, type Shop } from './shop.ts';

const BRANDS = '/v1/admin/brands';
type Picture = { url: string; width: number; height: number };
type Brand = { id: string; revision: number; logo: (Picture & { small: Picture }) | null };
type Upload = { id: string; method: string; url: string; headers: Record<string, string> };

let s3: TestS3;
let stack: TestStack;
let shop: Shop;
let api: Api;
let brandId: string;

beforeAll(async () => {
  s3 = await startTestS3();
  stack = await startTestStack({ processes: ['edge', 'worker'], env: s3.env });
  shop = await openShop(stack.database.ownerUrl);
  api = createApi(stack.edgeUrl, shop.apiKey);
  const { body } = await api.get<{ data: Brand[] }>(BRANDS);
  brandId = body.data[0]!.id;
});

afterAll(async () => {
  await stack.stop();
  await s3.stopAndForget();
});

const brand = async () => (await api.get<Brand>(`${BRANDS}/${brandId}`)).body;

const begin = (body: object, at = api) =>
  at.post<{ upload: Upload }>(`${BRANDS}/${brandId}/logo-uploads`, body);

async function upload(file: Uint8Array, contentType = 'image/png'): Promise<string> {
  const { status, body } = await begin({ contentType, bytes: file.length });
  expect(status).toBe(201);
  const { id, url, method, headers } = body.upload;
  const sent = await fetch(url, { method, headers, body: new Uint8Array(file) });
  expect(sent.status).toBe(200);
  return id;
}

async function use(uploadId: string, over: { revision?: number } = {}) {
  const { revision = (await brand()).revision } = over;
  return api.send<Brand>('PUT', `${BRANDS}/${brandId}/logo`, {
    json: { uploadId },
    headers: { 'If-Match': `"${revision}"`, Prefer: 'wait=10' },
  });
}

/** What is not needed goes when the outcome is committed, which is when it can be seen. */
const noneLeft = (kind: 'uploads' | 'logos') =>
  until(`no ${kind} are left`, () => !s3.files().some((name) => name.includes(kind)));

const bytesOf = async ({ url }: Picture) => Buffer.from(await (await fetch(url)).arrayBuffer());

describe('a logo', () => {
  test('is what was uploaded, drawn anew in two sizes, for anybody to fetch', async () => {
    const file = await photograph({ width: 1_200, height: 600 });
    const id = await upload(file, 'image/jpeg');
    const { status, body } = await use(id);
    expect(status).toBe(200);
    expect(body).toEqual(await brand());
    expect(body.logo).toMatchObject({ width: 256, height: 512, small: { width: 64, height: 128 } });
    for (const shown of [body.logo!, body.logo!.small]) {
      const png = await bytesOf(shown);
      const seen = await sharp(png).metadata();
      expect(seen).toMatchObject({ format: 'png', width: shown.width, height: shown.height });
      expect(png.toString('latin1')).not.toMatch(/Canary|38\.7223/);
    }
    const answer = await fetch(body.logo!.url);
    expect(answer.headers.get('content-type')).toBe('image/png');
    const { body: page } = await createApi(stack.edgeUrl, undefined).get<Brand>(
      `/v1/public/brands/${brandId}`,
    );
    expect(page.logo).toEqual(body.logo);
    await noneLeft('uploads');
    // Taken once.
    expect(refusal(await use(id))).toEqual([422, 'upload-not-found']);
  });

  test('that is replaced stays for mails that show it; taken away, none is left', async () => {
    const { logo: before } = await brand();
    const { body } = await use(
      await upload(await picture({ width: 90, height: 90 }).png().toBuffer()),
    );
    expect(body.logo).toMatchObject({ width: 90, height: 90 });
    expect((await fetch(before!.url)).status).toBe(200);
    const removed = await api.send<Brand>('DELETE', `${BRANDS}/${brandId}/logo`, {
      headers: { 'If-Match': `"${body.revision}"` },
    });
    expect([removed.status, removed.body.logo]).toEqual([200, null]);
    expect((await fetch(before!.url)).status).toBe(404);
    await noneLeft('logos');
  });

  test('of a brand that somebody changed meanwhile is theirs to decide again', async () => {
    const id = await upload(await picture({ width: 50, height: 50 }).png().toBuffer());
    const { revision } = await brand();
    expect(refusal(await use(id, { revision: revision - 1 }))).toEqual([
      412,
      'precondition-failed',
    ]);
    await noneLeft('logos');
    expect((await use(id)).status).toBe(200);
  });
});

describe('an upload', () => {
  test.each([
    [
      'a page that is called a picture',
      '<!doctype html><script>alert(1)</script>',
      415,
      'unsupported-image',
    ],
    ['an SVG', '<svg xmlns="http://www.w3.org/2000/svg"><script/></svg>', 415, 'unsupported-image'],
    [
      'a pixel bomb',
      pixelBomb({ width: 50_000, height: 50_000 }),
      422,
      'image-has-too-many-pixels',
    ],
    ['a picture cut short', '\xff\xd8\xff\xe0\0\x10JFIF', 422, 'image-unreadable'],
    [
      'a file longer than it was said to be',
      Buffer.alloc(MAX_UPLOAD_BYTES + 1),
      413,
      'image-too-large',
    ],
  ])('that is %s is refused, and the logo stays', async (_, file, status, code) => {
    const before = await brand();
    const content = typeof file === 'string' ? Buffer.from(file, 'latin1') : file;
    const { body } = await begin({ contentType: 'image/png', bytes: 1_000 });
    await fetch(body.upload.url, { method: 'PUT', body: new Uint8Array(content) });
    expect(refusal(await use(body.upload.id))).toEqual([status, code]);
    expect(await brand()).toEqual(before);
    await noneLeft('uploads');
  });

  test('is asked for within limits, for a brand of one’s own', async () => {
    const png = { contentType: 'image/png', bytes: MAX_UPLOAD_BYTES };
    expect((await begin(png)).status).toBe(201);
    expect(refusal(await begin({ ...png, bytes: MAX_UPLOAD_BYTES + 1 }))).toEqual([
      413,
      'image-too-large',
    ]);
    expect(refusal(await begin({ ...png, contentType: 'image/svg+xml' }))).toEqual([
      415,
      'unsupported-image',
    ]);
    expect(refusal(await begin({ ...png, fileName: '../x.png' }))).toEqual([
      422,
      'validation-failed',
    ]);
    const stranger = await openShop(stack.database.ownerUrl);
    const theirs = createApi(stack.edgeUrl, stranger.apiKey);
    expect(refusal(await begin(png, theirs))).toEqual([404, 'not-found']);
    // What one business uploaded is nothing to another, whatever it calls it.
    const id = await upload(await picture({ width: 20, height: 20 }).png().toBuffer());
    const { body } = await theirs.get<{ data: Brand[] }>(BRANDS);
    const asked = await theirs.send<{ job: Job }>('PUT', `${BRANDS}/${body.data[0]!.id}/logo`, {
      json: { uploadId: id },
      headers: { 'If-Match': '"1"', 'Idempotency-Key': randomUUID(), Prefer: 'wait=10' },
    });
    expect(refusal(asked)).toEqual([422, 'upload-not-found']);
  });
});
