import { programs } from '../../resources/programs.ts';
import { getResource, type ResourceDependencies } from '../../resources/resource.ts';

/** `GET /v1/admin/programs/{id}` */
export function getProgramRoute(deps: ResourceDependencies) {
  return getResource(deps, programs, {
    name: 'get-program',
    summary: 'One program, with the draft of its next version',
  });
}
