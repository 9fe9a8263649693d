import { draftVersion } from '../../../queues/commands/draft-version.ts';
import { programs } from '../../resources/programs.ts';
import { changeResource, type ResourceDependencies } from '../../resources/resource.ts';

/** `PUT /v1/admin/programs/{id}/draft` */
export function draftVersionRoute(deps: ResourceDependencies) {
  return changeResource(deps, programs, {
    command: draftVersion,
    summary: 'Write the next version',
    description: 'Nobody is judged by a draft. It is replaced as a whole.',
    method: 'put',
    action: 'draft',
  });
}
