import type {
  RecordPurchaseBody,
  RecordPurchasePayload,
} from '../../../queues/commands/record-purchase.ts';
import type { ContactSealer } from '../../../queues/contact.ts';

/** What travels of a posted sale: everything, with a phone or e-mail sealed. */
export function toPayload(body: RecordPurchaseBody, sealer: ContactSealer): RecordPurchasePayload {
  const { customer, ...sale } = body;
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
