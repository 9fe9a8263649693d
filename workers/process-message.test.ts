import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { createPersonalSealer } from '../infra/sealing/personal-sealer.ts';
import type { Envelope } from '../queues/envelope.ts';
import type { PersonalSealer } from '../queues/personal.ts';
import { commands } from '../queues/registry.ts';
import { sealWritten } from '../queues/written.ts';
import {
  type Batchers,
  createMessageProcessor,
  UnreadableMessageError,
} from './process-message.ts';

const fixture = new URL('../queues/fixtures/record-purchase.v1.json', import.meta.url);
const { envelope } = JSON.parse(readFileSync(fixture, 'utf8')) as { envelope: Envelope };

function aProcessor(command = 'record-purchase', personal?: PersonalSealer) {
  const submitted: Envelope[] = [];
  const batchers = {
    [command]: {
      async submit(message: Envelope) {
        submitted.push(message);
        return { status: 'completed', transactionId: 'txn_1' };
      },
    },
  };
  const process = createMessageProcessor(batchers as unknown as Batchers, personal);
  return { process, submitted };
}

describe('what somebody wrote', () => {
  const name = new URL('../queues/fixtures/adjust-card.v1.json', import.meta.url);
  const { envelope: plain } = JSON.parse(readFileSync(name, 'utf8')) as {
    envelope: Envelope<{ reason: string }>;
  };
  const sealer = createPersonalSealer(Buffer.alloc(32, 1).toString('base64'));
  const sealed = { ...plain, payload: sealWritten(commands['adjust-card'], plain.payload, sealer) };

  test('travels sealed and is read as it was written, as is what was queued before', async () => {
    expect(JSON.stringify(sealed)).not.toContain(plain.payload.reason);
    for (const message of [sealed, plain]) {
      const { process, submitted } = aProcessor('adjust-card', sealer);
      await process(message);
      expect(submitted).toEqual([plain]);
    }
  });

  test('and was sealed with another key is unreadable', async () => {
    const other = createPersonalSealer(Buffer.alloc(32, 2).toString('base64'));
    for (const key of [other, undefined]) {
      const { process } = aProcessor('adjust-card', key);
      await expect(process(sealed)).rejects.toThrow(UnreadableMessageError);
    }
  });
});

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
