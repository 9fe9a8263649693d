import { programs } from '../../resources/programs.ts';
import { listResource, type ResourceDependencies } from '../../resources/resource.ts';

/** `GET /v1/admin/programs` */
export function listProgramsRoute(deps: ResourceDependencies) {
  return listResource(deps, programs, { name: 'list-programs', summary: 'All programs' });
}
