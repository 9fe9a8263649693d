import { getResource, type ResourceDependencies } from '../../resources/resource.ts';
import { staff } from '../../resources/staff.ts';

/** `GET /v1/admin/staff/{id}` */
export function getStaffRoute(deps: ResourceDependencies) {
  return getResource(deps, staff, { name: 'get-staff', summary: 'Somebody on the staff' });
}
