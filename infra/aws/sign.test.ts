import { describe, expect, test } from '@jest/globals';
import { signLink, signRequest } from './sign.ts';

// AWS's own examples: https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html
// and sigv4-query-string-auth.html. The key is theirs and opens nothing.
const signing = {
  credentials: {
    accessKeyId: 'AKIAIOSFODNN7EXAMPLE',
    secretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
  },
  region: 'us-east-1',
  at: new Date('2013-05-24T00:00:00Z'),
};
const bucket = 'https://examplebucket.s3.amazonaws.com';
const EMPTY = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';

describe('Signature Version 4, as AWS shows it', () => {
  test('of a request with headers', () => {
    const headers = { range: 'bytes=0-9', 'x-amz-content-sha256': EMPTY };
    const request = { method: 'GET', url: new URL(`${bucket}/test.txt`), headers };
    expect(signRequest(request, signing)['authorization']).toContain(
      'Signature=f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41',
    );
  });

  test('of a request with an empty parameter', () => {
    const request = {
      method: 'GET',
      url: new URL(`${bucket}/?lifecycle`),
      headers: { 'x-amz-content-sha256': EMPTY },
    };
    expect(signRequest(request, signing)['authorization']).toContain(
      'Signature=fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543',
    );
  });

  test('of a link that expires', () => {
    const link = signLink(new URL(`${bucket}/test.txt`), 86_400, signing);
    expect(link.searchParams.get('X-Amz-Expires')).toBe('86400');
    expect(link.searchParams.get('X-Amz-Signature')).toBe(
      'aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404',
    );
  });
});

test('temporary credentials send their token along, signed', () => {
  const temporary = { ...signing, credentials: { ...signing.credentials, sessionToken: 'token' } };
  const request = { method: 'GET', url: new URL(`${bucket}/test.txt`) };
  const headers = signRequest(request, temporary);
  expect(headers['x-amz-security-token']).toBe('token');
  expect(headers['authorization']).toContain('x-amz-security-token');
});

// Made with the SDK's own @smithy/signature-v4.
test('a link to upload to is good for one type and length', () => {
  const of = (bytes: number) => {
    const headers = { 'content-type': 'image/png', 'content-length': String(bytes) };
    const url = new URL(`${bucket}/uploads/logo`);
    return signLink(url, 600, signing, { method: 'PUT', headers }).searchParams;
  };
  const parameters = of(48_213);
  expect(parameters.get('X-Amz-SignedHeaders')).toBe('content-length;content-type;host');
  const signature = 'a5412c64bdaf4a89d446b05f3ddb90136bd8a00b7acf970ed9be2020eb6364de';
  expect(parameters.get('X-Amz-Signature')).toBe(signature);
  expect(of(48_214).get('X-Amz-Signature')).not.toBe(signature);
});

// Made with the SDK's own @smithy/signature-v4.
test('a request to another service has its body signed, as the SDK signs it', () => {
  const body = Buffer.from('{"QueueUrl":"https://sqs.us-east-1.amazonaws.com/1/email"}');
  const headers = {
    'content-type': 'application/x-amz-json-1.0',
    'x-amz-target': 'AmazonSQS.SendMessageBatch',
  };
  const url = new URL('https://sqs.us-east-1.amazonaws.com/');
  const request = { method: 'POST', url, headers, body };
  expect(signRequest(request, { ...signing, service: 'sqs' })['authorization']).toContain(
    'Signature=222795685f869ae52a592c59d4017d62bc94f7a75aa7711f464de051d85a937d',
  );
});
