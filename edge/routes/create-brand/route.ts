import { createBrand } from '../../../queues/commands/create-brand.ts';
import { brands } from '../../resources/brands.ts';
import { createResource, type ResourceDependencies } from '../../resources/resource.ts';

/** `POST /v1/admin/brands` */
export function createBrandRoute(deps: ResourceDependencies) {
  return createResource(deps, brands, { command: createBrand, summary: 'Add a brand' });
}
