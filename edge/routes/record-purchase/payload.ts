import type {
  RecordPurchaseBody,
  RecordPurchasePayload,
} from '../../../queues/commands/record-purchase.ts';
import type { ContactSealer } from '../../../queues/contact.ts';
import type { PosPrincipal } from '../../ports.ts';
import type { RotatingCodes } from '../../rotating-codes.ts';

export interface PayloadDependencies {
  sealer: ContactSealer;
  codes: RotatingCodes;
}

/** What travels of a posted sale: everything, with a phone or e-mail sealed, and a rotating code used up. */
export async function toPayload(
  body: RecordPurchaseBody,
  principal: PosPrincipal,
  { sealer, codes }: PayloadDependencies,
): Promise<RecordPurchasePayload> {
  const { customer, ...sale } = body;
  if (customer?.qr !== undefined) {
    const { businessId, integration } = principal;
    // Judged by when it was scanned: a till that was offline, or that asks again, comes later.
    const cardCode = await codes.use(customer.qr, {
      businessId,
      at: Date.parse(body.occurredAt),
      by: `integration:${integration}`,
      sale: `${integration} ${body.externalId}`,
    });
    return { ...sale, customer: { cardCode } };
  }
  const reference = customer && toReference(customer, sealer);
  return reference ? { ...sale, customer: reference } : sale;
}

function toReference(
  customer: NonNullable<RecordPurchaseBody['customer']>,
  sealer: ContactSealer,
): RecordPurchasePayload['customer'] {
  const { cardCode, customerId, phone, email } = customer;
  if (cardCode !== undefined) return { cardCode };
  if (customerId !== undefined) return { customerId };
  if (phone !== undefined) return { sealedContact: sealer.seal({ kind: 'phone', value: phone }) };
  if (email !== undefined) return { sealedContact: sealer.seal({ kind: 'email', value: email }) };
  return undefined;
}
