import type { BusinessId } from '../domain/values/ids.ts';

import { fromUuid, toUuid } from '../infra/postgres/ids.ts';
import type { OutboxEvent } from '../queues/events/events.ts';
import { writeFactMessage } from '../queues/events/fact-message.ts';
import { isWanted } from '../queues/functions.ts';
import type { SqsHandler } from '../workers/lambdas/sqs-event.ts';
import type { TestDatabase } from './database.ts';

/** What lies in the outbox for the function that counts, as the messages that carry it. */
export async function outboxMessages(
  database: TestDatabase,
  businessId?: BusinessId,
): Promise<string[]> {
  const rows = await database.query<{ business_id: string; events: OutboxEvent[] }>(
    `SELECT business_id, events FROM loyalty.outbox
      WHERE $1::uuid IS NULL OR business_id = $1 ORDER BY id`,
    [businessId ? toUuid(businessId) : null],
  );
  return rows.flatMap(({ business_id, events }) =>
    events
      .filter(({ type }) => isWanted('analytics', type))
      .map((event) => writeFactMessage({ businessId: fromUuid('biz', business_id), event })),
  );
}

/** Hands messages to a function as SQS does, ten at a time. @returns those that are to come again */
export async function deliver(handle: SqsHandler, bodies: readonly string[]): Promise<string[]> {
  const failed: string[] = [];
  for (let i = 0; i < bodies.length; i += 10) {
    const Records = bodies
      .slice(i, i + 10)
      .map((body, n) => ({ messageId: `message-${i + n}`, body }));
    const { batchItemFailures } = await handle({ Records });
    failed.push(...batchItemFailures.map(({ itemIdentifier }) => itemIdentifier));
  }
  return failed;
}
