import { revokeApiKey } from '../../../queues/commands/revoke-api-key.ts';
import { apiKeys } from '../../resources/api-keys.ts';
import { changeResource, type ResourceDependencies } from '../../resources/resource.ts';

/** `POST /v1/admin/api-keys/{id}/revoke` */
export function revokeApiKeyRoute(deps: ResourceDependencies) {
  return changeResource(deps, apiKeys, {
    command: revokeApiKey,
    summary: 'End a key for good',
    description: 'It is refused within 10 seconds. What it posted stays.',
    action: 'revoke',
  });
}
