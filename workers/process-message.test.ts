import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import type { Envelope } from '../queues/envelope.ts';
import {
  type Batchers,
  createMessageProcessor,
  UnreadableMessageError,
} from './process-message.ts';

const fixture = new URL('../queues/fixtures/record-purchase.v1.json', import.meta.url);
const { envelope } = JSON.parse(readFileSync(fixture, 'utf8')) as { envelope: Envelope };

function aProcessor() {
  const submitted: Envelope[] = [];
  const process = createMessageProcessor({
    'record-purchase': {
      async submit(message: Envelope) {
        submitted.push(message);
        return { status: 'completed', transactionId: 'txn_1' };
      },
    },
  } as unknown as Batchers);
  return { process, submitted };
}

describe('a message', () => {
  test('that is well-formed goes to its command’s batcher, parsed', async () => {
    const { process, submitted } = aProcessor();
    expect(await process(envelope)).toEqual({ status: 'completed', transactionId: 'txn_1' });
    expect(submitted).toEqual([envelope]);
  });

  const { payload, ...bare } = envelope;
  test.each<[string, unknown]>([
    ['null', null],
    ['text', 'record-purchase'],
    ['an empty object', {}],
    ['without a payload', bare],
    ['of an unknown type', { ...envelope, type: 'record-refund' }],
    ['of a type that every object has', { ...envelope, type: 'constructor' }],
    ['of a version to come', { ...envelope, version: 2 }],
    ['of version zero', { ...envelope, version: 0 }],
    ['with a field nobody knows', { ...envelope, priority: 1 }],
    ['with a payload of another shape', { ...envelope, payload: { total: 1 } }],
    [
      'with a payload field nobody knows',
      { ...envelope, payload: { ...(payload as object), x: 1 } },
    ],
    ['of no business', { ...envelope, businessId: 'biz_1' }],
    ['from nobody', { ...envelope, principal: { kind: 'robot', id: '1' } }],
    ['with a hash of another length', { ...envelope, requestHash: 'abc' }],
  ])('%s is unreadable, and reaches no batcher', async (_, data) => {
    const { process, submitted } = aProcessor();
    await expect(process(data)).rejects.toThrow(UnreadableMessageError);
    expect(submitted).toEqual([]);
  });

  test('tells what is wrong without repeating what it held', async () => {
    const { process } = aProcessor();
    const canary = { ...envelope, payload: { externalId: 'canary', total: 'canary' } };
    await expect(process(canary)).rejects.toThrow(/^record-purchase: .*total invalid_type/);
    await expect(process(canary)).rejects.not.toThrow(/canary/);
  });
});
