/** Messages as the edge would have queued them. */
import { randomUUID } from 'node:crypto';
import type { z } from 'zod';
import type { SeededBusiness } from '../../infra/local/seed-business.ts';
import {
  recordPurchase,
  type RecordPurchasePayload,
} from '../../queues/commands/record-purchase.ts';
import type { Envelope } from '../../queues/envelope.ts';
import { commands, type PayloadOf } from '../../queues/registry.ts';
import { hashRequest, jobIdFor } from '../../queues/job-id.ts';

/** A queued command of that name. */
export type MessageOf<Name extends keyof typeof commands> = Envelope<PayloadOf<Name>>;
export type PurchaseMessage = Envelope<RecordPurchasePayload>;

/** Ten euros just now on the business's first card; each call is another sale. */
export function aPurchaseMessage(
  business: SeededBusiness,
  over: Partial<RecordPurchasePayload> & { readonly key?: string } = {},
): PurchaseMessage {
  const { key, ...fields } = over;
  const payload = recordPurchase.payload.parse({
    externalId: randomUUID(),
    storeId: business.storeIds[0],
    occurredAt: new Date().toISOString(),
    customer: business.cards[0] && { cardCode: business.cards[0].code },
    currency: 'EUR',
    total: 1_000,
    ...fields,
  });
  const principal = { kind: 'integration', id: 'pos' } as const;
  const { businessId } = business;
  const identity = { businessId, principal, command: recordPurchase.name };
  return {
    id: jobIdFor({ ...identity, key: key ?? payload.externalId }),
    type: recordPurchase.name,
    version: recordPurchase.version,
    businessId,
    principal,
    requestHash: hashRequest({ ...payload, customer: null }),
    receivedAt: new Date().toISOString(),
    payload,
  };
}

/** A command of the business's till, or of its staff, under a key of its own. */
export function aCommandMessage<Name extends keyof typeof commands>(
  business: Pick<SeededBusiness, 'businessId'>,
  type: Name,
  payload: z.input<(typeof commands)[Name]['payload']>,
  over: { receivedAt?: string } = {},
): MessageOf<Name> {
  const { businessId } = business;
  const principal = { kind: 'integration', id: 'pos' } as const;
  const parsed: unknown = commands[type].payload.parse(payload);
  const message = {
    id: jobIdFor({ businessId, principal, command: type, key: randomUUID() }),
    type,
    version: commands[type].version,
    businessId,
    principal,
    requestHash: hashRequest(parsed),
    receivedAt: new Date().toISOString(),
    ...over,
    payload: parsed,
  };
  return message as MessageOf<Name>;
}
