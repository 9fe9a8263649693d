import { updateProgram } from '../../../queues/commands/update-program.ts';
import { programs } from '../../resources/programs.ts';
import { changeResource, type ResourceDependencies } from '../../resources/resource.ts';

/** `PATCH /v1/admin/programs/{id}` */
export function updateProgramRoute(deps: ResourceDependencies) {
  return changeResource(deps, programs, {
    command: updateProgram,
    summary: 'Change a program’s name, stores or enrolment',
  });
}
