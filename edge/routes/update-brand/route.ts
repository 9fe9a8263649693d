import { updateBrand } from '../../../queues/commands/update-brand.ts';
import { brands } from '../../resources/brands.ts';
import { changeResource, type ResourceDependencies } from '../../resources/resource.ts';

/** `PATCH /v1/admin/brands/{id}` */
export function updateBrandRoute(deps: ResourceDependencies) {
  return changeResource(deps, brands, { command: updateBrand, summary: 'Change a brand' });
}
