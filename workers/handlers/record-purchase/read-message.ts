import type { RecordPurchase } from '../../../domain/earning/decide-purchase.ts';
import type { CustomerReference, PurchaseQuery } from '../../../domain/earning/purchase-store.ts';
import type { StaffId } from '../../../domain/values/ids.ts';
import type { RecordPurchasePayload } from '../../../queues/commands/record-purchase.ts';
import type { ContactSealer } from '../../../queues/contact.ts';
import type { Envelope } from '../../../queues/envelope.ts';
import { voucherCodesOf } from '../../../domain/rewards/use-in-sale.ts';

/** A sale as it comes off the queue. */
export type Message = Envelope<RecordPurchasePayload>;

/** What is to be read for a sale; its contact is opened here. */
export function toQuery(message: Message, sealer: ContactSealer): PurchaseQuery {
  return {
    businessId: message.businessId,
    jobId: message.id,
    integration: message.principal.id,
    externalId: message.payload.externalId,
    storeId: message.payload.storeId,
    occurredAt: Date.parse(message.payload.occurredAt),
    staffId: servedBy(message),
    totalMinor: message.payload.total,
    customer: toReference(message.payload.customer, sealer),
    ...vouchersOf(message),
  };
}

/** Who rang it up: whom the till names, or who of the staff sends it. */
function servedBy({ payload, principal }: Message): StaffId | undefined {
  return payload.staffId ?? (principal.kind === 'staff' ? (principal.id as StaffId) : undefined);
}

function vouchersOf({ payload }: Message): Pick<PurchaseQuery, 'voucherCodes'> {
  const voucherCodes = voucherCodesOf(payload);
  return voucherCodes.length > 0 ? { voucherCodes } : {};
}

function toReference(
  customer: RecordPurchasePayload['customer'],
  sealer: ContactSealer,
): CustomerReference | null {
  if (!customer) return null;
  if ('cardCode' in customer) return { kind: 'cardCode', value: customer.cardCode };
  if ('customerId' in customer) return { kind: 'customerId', value: customer.customerId };
  return sealer.open(customer.sealedContact);
}

/** The sale as the rules see it. */
export function toCommand(message: Message): RecordPurchase {
  return {
    ...message.payload,
    occurredAt: Date.parse(message.payload.occurredAt),
    receivedAt: Date.parse(message.receivedAt),
  };
}
