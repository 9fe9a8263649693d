import { z } from 'zod';
import { createApiKey } from '../../../queues/commands/create-api-key.ts';
import { senderOf } from '../../command-gate.ts';
import type { ApiKeySecrets } from '../../ports.ts';
import { apiKeys } from '../../resources/api-keys.ts';
import { createResource, type ResourceDependencies } from '../../resources/resource.ts';

/**
 * `POST /v1/admin/api-keys`: the secret is made here and goes to whoever asked for it; only its hash
 * travels.
 */
export function createApiKeyRoute(deps: ResourceDependencies & { secrets: ApiKeySecrets }) {
  return createResource(deps, apiKeys, {
    command: createApiKey,
    summary: 'Add a key',
    description:
      'Its `secret` is in this answer and in no other. An integration may have two live keys: add ' +
      'the second, move the tills over, revoke the first.',
    once: { secret: z.string() },
    prepare(body: z.output<typeof createApiKey.body>, { principal, headers }) {
      const { kind, id } = senderOf(principal);
      const request = [principal.businessId, kind, id, headers.idempotencyKey];
      const { secret, ...told } = deps.secrets.make(JSON.stringify(request));
      return { payload: { ...body, ...told }, once: { secret } };
    },
  });
}
