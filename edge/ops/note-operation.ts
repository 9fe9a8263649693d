import type { BusinessId } from '../../domain/values/ids.ts';
import { noteOperation } from '../../queues/commands/note-operation.ts';
import type { Envelope, Principal } from '../../queues/envelope.ts';
import { hashRequest, jobIdFor } from '../../queues/job-id.ts';
import type { QueueName } from '../../queues/queues.ts';
import type { NoteOperation } from './ports.ts';

/** Operations are of no business: of the one that cannot be. */
const NOBODY: BusinessId = `biz_${'0'.repeat(26)}`;
const OPS: Principal = { kind: 'system', id: 'ops' };

/** Sends the log its lines as commands, like everything that the edge has written. */
export function createNoteOperation(deps: {
  enqueue: (queue: QueueName, envelope: Envelope) => Promise<void>;
  /** A key that no other operation has. */
  newKey: () => string;
  now: () => number;
}): NoteOperation {
  const { name, version, queue, payload: schema } = noteOperation;
  return async (operation) => {
    const payload = schema.parse(operation);
    const key = `key:${deps.newKey()}`;
    await deps.enqueue(queue, {
      id: jobIdFor({ businessId: NOBODY, principal: OPS, command: name, key }),
      type: name,
      version,
      businessId: NOBODY,
      principal: OPS,
      requestHash: hashRequest(payload),
      receivedAt: new Date(deps.now()).toISOString(),
      payload,
    });
  };
}
