import { z } from 'zod';
import type { BusinessId, CustomerId, StaffId } from '../domain/values/ids.ts';
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
