import { listResource, type ResourceDependencies } from '../../resources/resource.ts';
import { staff } from '../../resources/staff.ts';

/** `GET /v1/admin/staff` */
export function listStaffRoute(deps: ResourceDependencies) {
  return listResource(deps, staff, {
    name: 'list-staff',
    summary: 'Everybody on the staff, also the removed',
  });
}
