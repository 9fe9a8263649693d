import { publishVersion } from '../../../queues/commands/publish-version.ts';
import { programs } from '../../resources/programs.ts';
import { changeResource, type ResourceDependencies } from '../../resources/resource.ts';

/** `POST /v1/admin/programs/{id}/publish` */
export function publishVersionRoute(deps: ResourceDependencies) {
  return changeResource(deps, programs, {
    command: publishVersion,
    summary: 'Publish the draft as the next version',
    description:
      'It takes over from the version before it and is never edited. A card with stamps on it keeps the version that it was begun under until it completes.',
    action: 'publish',
  });
}
