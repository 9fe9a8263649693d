import { resumeProgram } from '../../../queues/commands/resume-program.ts';
import { programs } from '../../resources/programs.ts';
import { changeResource, type ResourceDependencies } from '../../resources/resource.ts';

/** `POST /v1/admin/programs/{id}/resume` */
export function resumeProgramRoute(deps: ResourceDependencies) {
  return changeResource(deps, programs, {
    command: resumeProgram,
    summary: 'End a pause',
    action: 'resume',
  });
}
