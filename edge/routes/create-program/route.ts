import { createProgram } from '../../../queues/commands/create-program.ts';
import { programs } from '../../resources/programs.ts';
import { createResource, type ResourceDependencies } from '../../resources/resource.ts';

/** `POST /v1/admin/programs` */
export function createProgramRoute(deps: ResourceDependencies) {
  return createResource(deps, programs, {
    command: createProgram,
    summary: 'Add a program',
    description: 'It gives nothing until a version is published.',
  });
}
