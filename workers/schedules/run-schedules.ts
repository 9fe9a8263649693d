import type { BusinessId } from '../../domain/values/ids.ts';
import type { Instant } from '../../domain/values/time.ts';
import type { Envelope, Principal } from '../../queues/envelope.ts';
import { hashRequest, jobIdFor } from '../../queues/job-id.ts';
import type { QueueName } from '../../queues/queues.ts';
import { type CommandName, commands } from '../../queues/registry.ts';
import type { Schedule } from './schedules.ts';

export interface ScheduleDependencies {
  /** The businesses that a command has work in at an instant. */
  findDueBusinesses: (command: CommandName, at: Instant) => Promise<readonly BusinessId[]>;
  enqueue: (queue: QueueName, envelope: Envelope) => Promise<void>;
}

const SYSTEM: Principal = { kind: 'system', id: 'schedules' };

/**
 * One tick of a schedule: a command for every business that has work. A tick that dies half-way is
 * done again, and names the same jobs: their ids come from business, command and the tick's time.
 * @param tickAt when the tick was due, the same however often it is tried
 * @returns how many commands were sent
 */
export async function runTick(
  { findDueBusinesses, enqueue }: ScheduleDependencies,
  schedule: Schedule,
  tickAt: Instant,
): Promise<number> {
  const { name, version, queue } = commands[schedule.command];
  const at = tickAt - schedule.behindMs;
  const payload = schedule.payload(at);
  const key = `key:${new Date(tickAt).toISOString()}`;
  const businesses = await findDueBusinesses(name, at);
  await Promise.all(
    businesses.map((businessId) =>
      enqueue(queue, {
        id: jobIdFor({ businessId, principal: SYSTEM, command: name, key }),
        type: name,
        version,
        businessId,
        principal: SYSTEM,
        requestHash: hashRequest(payload),
        receivedAt: new Date(tickAt).toISOString(),
        payload,
      }),
    ),
  );
  return businesses.length;
}
