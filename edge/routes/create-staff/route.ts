import type { PersonalSealer } from '../../../queues/personal.ts';
import { createStaff } from '../../../queues/commands/create-staff.ts';
import { createResource, type ResourceDependencies } from '../../resources/resource.ts';
import { sealStaff, staff } from '../../resources/staff.ts';

/** `POST /v1/admin/staff` */
export function createStaffRoute(deps: ResourceDependencies & { personal: PersonalSealer }) {
  return createResource(deps, staff, {
    command: createStaff,
    summary: 'Put somebody on the staff',
    description: 'They are invited until they first sign in with this e-mail address.',
    prepare: (body) => sealStaff(deps.personal, body),
  });
}
