import { z } from 'zod';
import type { BusinessId, CustomerId, StaffId, StoreId } from '../domain/values/ids.ts';
import type { StaffPrincipal } from './ports.ts';
import { Problem } from './problems.ts';
import { explanationStep, presentedAmount } from './schemas.ts';

/** Whether a member of staff is this customer: by sign-in, or by an address of both. */
export type IsSamePerson = (
  businessId: BusinessId,
  staffId: StaffId,
  customerId: CustomerId,
) => Promise<boolean>;

/** What a counter did to a card. */
export const awardSchema = z
  .object({
    id: z.string(),
    cardId: z.string(),
    programId: z.string(),
    unit: z.enum(['stamp', 'point']),
    amount: presentedAmount.meta({ description: 'Negative where it was taken back.' }),
    balance: presentedAmount,
    rewardsIssued: z.array(z.object({ id: z.string(), name: z.string(), code: z.string() })),
    explanation: z.array(explanationStep),
  })
  .meta({ id: 'CounterAward' });

/** @throws Problem `unknown-store` for a store that is not theirs */
export function requireOwnStore(principal: StaffPrincipal, storeId: StoreId): void {
  if (principal.storeIds?.includes(storeId) ?? true) return;
  const detail = 'Your role is not for this store.';
  throw new Problem('unknown-store', {
    errors: [{ pointer: '/storeId', code: 'unknown', detail }],
  });
}
