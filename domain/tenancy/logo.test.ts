import { expect, test } from '@jest/globals';
import { imageTypeOf, isImageType } from './logo.ts';

const bytes = (text: string) => Buffer.from(text, 'latin1');

test.each([
  ['\x89PNG\r\n\x1a\n', 'image/png'],
  ['\x89PNG\r\n\x1a', undefined],
  ['\x89PNG\n\x1a\n\0', undefined],
  ['\xff\xd8\xff', 'image/jpeg'],
  ['\xff\xd8', undefined],
  ['RIFF\x24\0\0\0WEBP', 'image/webp'],
  ['RIFF\x24\0\0\0WEB', undefined],
  ['RIFF\x24\0\0\0WAVE', undefined],
  ['GIF89a', undefined],
  ['<svg xmlns="http://www.w3.org/2000/svg">', undefined],
  ['<!doctype html>', undefined],
  ['', undefined],
])('a file that begins with %j is %s', (beginning, type) => {
  expect(imageTypeOf(bytes(beginning))).toBe(type);
});

test('what a sender calls its file counts in one spelling', () => {
  expect(isImageType('image/png')).toBe(true);
  expect(isImageType('image/svg+xml')).toBe(false);
  expect(isImageType('image/png; charset=x')).toBe(false);
});
