import type { PersonalSealer } from '../../../queues/personal.ts';
import { updateStaff } from '../../../queues/commands/update-staff.ts';
import { changeResource, type ResourceDependencies } from '../../resources/resource.ts';
import { sealStaff, staff } from '../../resources/staff.ts';

/** `PATCH /v1/admin/staff/{id}` */
export function updateStaffRoute(deps: ResourceDependencies & { personal: PersonalSealer }) {
  return changeResource(deps, staff, {
    command: updateStaff,
    summary: 'Change what somebody on the staff may, or how they are reached',
    prepare: (body) => sealStaff(deps.personal, body),
  });
}
