import { updateBusiness } from '../../../queues/commands/update-business.ts';
import { business } from '../../resources/business.ts';
import { changeResource, type ResourceDependencies } from '../../resources/resource.ts';

/** `PATCH /v1/admin/business` */
export function updateBusinessRoute(deps: ResourceDependencies) {
  return changeResource(deps, business, {
    command: updateBusiness,
    summary: 'Change your business’s settings',
  });
}
