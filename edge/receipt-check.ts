import { findReceiptFault, type Receipt, type ReceiptFault } from '../domain/earning/purchase.ts';
import { formatMoney } from '../domain/values/money.ts';
import type { RecordPurchaseBody } from '../queues/commands/record-purchase.ts';
import { unknownStore } from './own-stores.ts';
import type { PosPrincipal, SetupReader } from './ports.ts';
import { type FieldError, Problem } from './problems.ts';

/**
 * What a schema cannot see: whether the key may post for the store, and whether the receipt adds up.
 * @throws Problem `unknown-store` or `receipt-mismatch`
 */
export async function checkReceipt(
  body: RecordPurchaseBody,
  principal: PosPrincipal,
  setup: SetupReader,
): Promise<void> {
  const isKnown = (principal.storeIds as readonly string[]).includes(body.storeId);
  // A key for the whole business may be remembered from before the store was added.
  const isNew =
    !isKnown &&
    principal.isForAllStores &&
    (await setup.stores.find(principal.businessId, body.storeId)) !== undefined;
  if (!isKnown && !isNew) throw unknownStore();
  checkSums(body);
}

/** @throws Problem `receipt-mismatch` for a receipt that does not add up */
export function checkSums(body: Receipt): void {
  const fault = findReceiptFault(body);
  if (fault) {
    const error = describe(fault, body);
    throw new Problem('receipt-mismatch', { detail: error.detail, errors: [error] });
  }
}

function describe(fault: ReceiptFault, body: Receipt): FieldError {
  const money = (amount: number) => formatMoney({ amount, currency: body.currency });
  switch (fault.code) {
    case 'total-mismatch': {
      const expected = fault.expected < 0 ? `${fault.expected}` : money(fault.expected);
      const detail = `Lines less discounts make ${expected}, not ${money(body.total)}.`;
      return { pointer: '/total', code: fault.code, detail };
    }
    case 'line-discount-exceeds-line': {
      const detail = 'The discount is more than the line costs.';
      return { pointer: `/lines/${fault.line}/discount`, code: fault.code, detail };
    }
    case 'discount-exceeds-line': {
      const detail = 'There is no such line, or it costs less than is taken off it.';
      return { pointer: `/discounts/${fault.discount}/line`, code: fault.code, detail };
    }
    case 'points-tender-exceeds-total': {
      const detail = `More was paid with points than ${money(body.total)}.`;
      return { pointer: '/tenders', code: fault.code, detail };
    }
    default:
      return fault satisfies never;
  }
}
