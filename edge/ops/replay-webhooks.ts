import { replayWebhooks } from '../../queues/commands/replay-webhooks.ts';
import type { Envelope, Principal } from '../../queues/envelope.ts';
import { hashRequest, jobIdFor } from '../../queues/job-id.ts';
import type { QueueName } from '../../queues/queues.ts';
import type { ReplayWebhooks } from './ports.ts';

const OPS: Principal = { kind: 'system', id: 'ops' };
/** An hour less than deliveries are kept: the command may wait before it is carried out. */
const BACK_MS = 30 * 86_400_000 - 3_600_000;

/** Sends the command that the owner would have sent; it is in their audit log as ours. */
export function createReplayWebhooks(deps: {
  enqueue: (queue: QueueName, envelope: Envelope) => Promise<void>;
  newKey: () => string;
  now: () => number;
}): ReplayWebhooks {
  const { name, version, queue, payload: schema } = replayWebhooks;
  return async ({ businessId, endpointId }) => {
    const since = new Date(deps.now() - BACK_MS).toISOString();
    const payload = schema.parse({ endpointId, since, only: 'failed' });
    const key = `key:${deps.newKey()}`;
    await deps.enqueue(queue, {
      id: jobIdFor({ businessId, principal: OPS, command: name, key }),
      type: name,
      version,
      businessId,
      principal: OPS,
      requestHash: hashRequest(payload),
      receivedAt: new Date(deps.now()).toISOString(),
      payload,
    });
  };
}
