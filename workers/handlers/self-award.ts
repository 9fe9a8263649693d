import type { CounterBooks } from '../../domain/counter/counter-books.ts';
import type { BusinessId, CustomerId, StaffId } from '../../domain/values/ids.ts';

/** Who does something: a key, a customer, Regulars itself, or a member of staff. */
export interface Doer {
  kind: string;
  id: string;
}

/**
 * Which customers a command must not be good to, because they are whoever sent it. Only staff can do
 * for themselves what they do for others.
 */
export async function ownCustomers(
  { counter }: { counter: CounterBooks },
  businessId: BusinessId,
  doer: Doer,
): Promise<readonly CustomerId[]> {
  return doer.kind === 'staff' ? counter.customersOf(businessId, doer.id as StaffId) : [];
}
