import { expect, test } from '@jest/globals';
import sharp from 'sharp';
import { MAX_UPLOAD_PIXELS } from '../../domain/tenancy/logo.ts';
import { photograph, picture, pixelBomb } from '../../tests/builders/images.ts';
import { drawLogo } from './draw-logo.ts';

async function drawn(upload: Uint8Array) {
  const logo = await drawLogo(upload);
  if (typeof logo === 'string') throw new Error(logo);
  return logo;
}

test('a logo keeps its proportions in both sizes, and what is seen through', async () => {
  const { large, small } = await drawn(
    await picture({ width: 1_000, height: 250 }).png().toBuffer(),
  );
  expect([large.width, large.height, small.width, small.height]).toEqual([512, 128, 128, 32]);
  const seen = await sharp(large.png).metadata();
  expect(seen).toMatchObject({ format: 'png', width: 512, height: 128, hasAlpha: true });
});

test('none is made larger than it came', async () => {
  const { large, small } = await drawn(await picture({ width: 100, height: 40 }).webp().toBuffer());
  expect([large.width, large.height, small.width, small.height]).toEqual([100, 40, 100, 40]);
});

test('a photograph stands upright and tells nothing of where it was taken', async () => {
  const upload = await photograph({ width: 600, height: 300 });
  expect(upload.toString('latin1')).toContain('Canary Camera');
  const { large } = await drawn(upload);
  expect([large.width, large.height]).toEqual([256, 512]);
  const seen = await sharp(large.png).metadata();
  const { exif, xmp, iptc, icc, orientation } = seen;
  expect({ exif, xmp, iptc, icc, orientation }).toEqual({});
  expect(Buffer.from(large.png).toString('latin1')).not.toContain('Canary');
});

test.each(['png', 'jpeg', 'webp'] as const)('a %s cut short is refused', async (format) => {
  const whole = await picture({ width: 300, height: 300 })
    .composite([{ input: await noise(), left: 0, top: 0 }])
    .toFormat(format)
    .toBuffer();
  await drawn(whole);
  expect(await drawLogo(whole.subarray(0, whole.length * 0.8))).toBe('image-unreadable');
});

const noise = () =>
  sharp({
    create: {
      width: 300,
      height: 300,
      channels: 3,
      background: 'black',
      noise: { type: 'gaussian', mean: 128, sigma: 40 },
    },
  })
    .png()
    .toBuffer();

test('pixels are counted before any is unpacked', async () => {
  const refused = 'image-has-too-many-pixels';
  expect(await drawLogo(pixelBomb({ width: 50_000, height: 50_000 }))).toBe(refused);
  expect(await drawLogo(pixelBomb({ width: 1, height: MAX_UPLOAD_PIXELS + 1 }))).toBe(refused);
  // As many as may be, and none of them there.
  expect(await drawLogo(pixelBomb({ width: 4_096, height: 4_096 }))).toBe('image-unreadable');
});

test.each([
  ['an SVG', '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'],
  ['a page', '<!doctype html><script>alert(1)</script>'],
  ['a GIF', 'GIF89a\x01\0\x01\0\0\0\0;'],
  ['nothing', ''],
])('%s is refused, whatever it is called', async (_, text) => {
  expect(await drawLogo(Buffer.from(text, 'latin1'))).toBe('unsupported-image');
});

test('what only begins like a picture is refused', async () => {
  const page = Buffer.from('\x89PNG\r\n\x1a\n<!doctype html><script>alert(1)</script>', 'latin1');
  expect(await drawLogo(page)).toBe('image-unreadable');
});
