import { z } from 'zod';
import { rotateWebhookSecret } from '../../../queues/commands/rotate-webhook-secret.ts';
import { changeResource, type ResourceDependencies } from '../../resources/resource.ts';
import { webhookEndpoints } from '../../resources/webhook-endpoints.ts';
import { secretFor, type WebhookDependencies } from '../../webhooks.ts';

/** `POST /v1/admin/webhook-endpoints/{id}/rotate-secret` */
export function rotateWebhookSecretRoute(
  deps: ResourceDependencies & Pick<WebhookDependencies, 'webhookSecrets'>,
) {
  return changeResource(deps, webhookEndpoints, {
    command: rotateWebhookSecret,
    summary: 'Sign with another secret',
    description:
      'The new `secret` is in this answer and in no other. For 24 hours every event carries two ' +
      'signatures, so that the receiver can change over without refusing anything.',
    action: 'rotate-secret',
    once: { secret: z.string() },
    prepare(_body: object, { principal, key }) {
      const command = rotateWebhookSecret.name;
      const { secret, sealedSecret } = secretFor(deps.webhookSecrets, { command, principal, key });
      return { payload: { sealedSecret }, compared: {}, once: { secret } };
    },
  });
}
