import { z } from 'zod';
import { defineCommand } from '../define.ts';
import { storeIds } from '../fields.ts';
import { email, phone, sealed } from '../personal.ts';
import { text } from '../text.ts';

/** What is personal of somebody on the staff. */
export const staffProfile = {
  name: text({ max: 120 }),
  email: email.meta({ description: 'Where the invitation goes, and what they sign in with.' }),
  phone: phone.nullable().optional(),
};

/** What they may, and where. */
export const staffDuty = {
  role: z.enum(['owner', 'manager', 'cashier', 'analyst']),
  storeIds: storeIds.optional(),
};

export const createStaff = defineCommand({
  name: 'create-staff',
  version: 1,
  queue: 'changes',
  body: z.strictObject({ ...staffProfile, ...staffDuty }),
  /** `sealed` holds the fields of the profile. */
  payload: z.strictObject({ ...staffDuty, sealed }),
});
