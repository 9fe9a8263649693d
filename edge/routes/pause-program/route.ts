import { pauseProgram } from '../../../queues/commands/pause-program.ts';
import { programs } from '../../resources/programs.ts';
import { changeResource, type ResourceDependencies } from '../../resources/resource.ts';

/** `POST /v1/admin/programs/{id}/pause` */
export function pauseProgramRoute(deps: ResourceDependencies) {
  return changeResource(deps, programs, {
    command: pauseProgram,
    summary: 'Pause a program',
    description: 'Sales from then on earn nothing in it; what cards hold stays.',
    action: 'pause',
  });
}
