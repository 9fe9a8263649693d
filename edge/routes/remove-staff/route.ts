import { removeStaff } from '../../../queues/commands/remove-staff.ts';
import { changeResource, type ResourceDependencies } from '../../resources/resource.ts';
import { staff } from '../../resources/staff.ts';

/** `POST /v1/admin/staff/{id}/remove` */
export function removeStaffRoute(deps: ResourceDependencies) {
  return changeResource(deps, staff, {
    command: removeStaff,
    summary: 'Take somebody off the staff',
    description: 'The last owner stays. What they did stays in the audit log.',
    action: 'remove',
  });
}
