import { archiveProgram } from '../../../queues/commands/archive-program.ts';
import { programs } from '../../resources/programs.ts';
import { changeResource, type ResourceDependencies } from '../../resources/resource.ts';

/** `POST /v1/admin/programs/{id}/archive` */
export function archiveProgramRoute(deps: ResourceDependencies) {
  return changeResource(deps, programs, {
    command: archiveProgram,
    summary: 'End a program for good',
    action: 'archive',
  });
}
