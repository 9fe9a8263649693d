import { z } from 'zod';
import { patchOf, target } from '../change.ts';
import { defineCommand } from '../define.ts';
import { sealed } from '../personal.ts';
import { staffDuty, staffProfile } from './create-staff.ts';

export const updateStaff = defineCommand({
  name: 'update-staff',
  version: 1,
  queue: 'changes',
  body: patchOf({ ...staffProfile, ...staffDuty }),
  /** `sealed` holds what is to change of the profile. */
  payload: z.strictObject({
    ...target('stf'),
    ...z.strictObject(staffDuty).partial().shape,
    sealed,
  }),
});
