import { describe, expect, test } from '@jest/globals';
import { isPublicAddress, refusalOfUrl } from './receiver-address.ts';

const strict = { allowPrivate: false };

describe('a URL that webhooks may be sent to', () => {
  test.each([
    'https://hooks.cafe.example/regulars?shop=1',
    'https://hooks.cafe.example:8443/',
    'https://93.184.215.14/hooks',
    'https://[2606:2800:21f:cb07:6820:80da:af6b:8b2c]/hooks',
  ])('is public and https: %s', (url) => {
    expect(refusalOfUrl(url, strict)).toBeUndefined();
  });

  test.each([
    'http://hooks.cafe.example/',
    'file:///etc/passwd',
    'https://user@hooks.cafe.example/',
    'https://user:secret@hooks.cafe.example/',
    'https://hooks.cafe.example/#fragment',
    'https://hooks.cafe.example:6379/',
    'https://hooks.cafe.example:80/',
    'https://127.0.0.1/',
    'https://0x7f.1/',
    'https://2130706433/',
    'https://0177.0.0.1/',
    'https://0.0.0.0/',
    'https://169.254.169.254/latest/meta-data/',
    'https://10.0.0.1/',
    'https://172.16.0.1/',
    'https://192.168.1.1/',
    'https://100.64.0.1/',
    'https://224.0.0.1/',
    'https://[::1]/',
    'https://[::]/',
    'https://[::ffff:7f00:1]/',
    'https://[::ffff:169.254.169.254]/',
    'https://[::7f00:1]/',
    'https://[fd00::1]/',
    'https://[fe80::1]/',
    'https://[64:ff9b::7f00:1]/',
    'https://[64:ff9b:1::7f00:1]/',
    'https://[2002:7f00:1::]/',
    'https://[2001:db8::1]/',
    'https://localhost/',
    'https://localhost./',
    'https://metadata.google.internal/',
    'https://printer.local/',
    'https://redis/',
    'not a url',
  ])('is not %s', (url) => {
    expect(refusalOfUrl(url, strict)).toEqual(expect.any(String));
  });

  test('may be on one’s own machine where that is allowed, and still be no file or password', () => {
    const own = { allowPrivate: true };
    expect(refusalOfUrl('http://127.0.0.1:4000/hooks', own)).toBeUndefined();
    expect(refusalOfUrl('file:///etc/passwd', own)).toEqual(expect.any(String));
    expect(refusalOfUrl('http://user@127.0.0.1/', own)).toEqual(expect.any(String));
  });
});

test('what is no address is not a public one', () => {
  expect(isPublicAddress('hooks.cafe.example')).toBe(false);
  expect(isPublicAddress('')).toBe(false);
});
