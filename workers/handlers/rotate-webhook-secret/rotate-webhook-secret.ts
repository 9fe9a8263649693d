import { ROTATION_MS } from '../../../domain/webhooks/endpoint.ts';
import { changeRecord, refuse, type SetupDependencies, type SetupRepos } from '../change.ts';
import { createCommandHandler } from '../command.ts';

/**
 * Gives an endpoint another secret. For a day both sign, so that the receiver can change over without
 * refusing anything. Outcomes: `completed`, `not-found`, `precondition-failed`, `wrong-state` for one
 * that was removed.
 */
export function createRotateWebhookSecretHandler(dependencies: SetupDependencies) {
  return createCommandHandler<'rotate-webhook-secret', SetupRepos>(
    dependencies,
    ({ setup }, message) =>
      changeRecord(
        setup.webhookEndpoints,
        message,
        ({ sealedSecret }, endpoint) => {
          if (endpoint.status === 'removed') return refuse('wrong-state', 'It was removed.');
          const rotatedAt = Date.parse(message.receivedAt);
          return {
            secret: sealedSecret,
            previousSecret: endpoint.secret,
            previousUntil: rotatedAt + ROTATION_MS,
            rotatedAt,
          };
        },
        {},
      ),
  );
}
