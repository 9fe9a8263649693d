import { changeRecord, refuse, type SetupDependencies, type SetupRepos } from '../change.ts';
import { createCommandHandler } from '../command.ts';

/**
 * Ends a key for good; edges that have seen it refuse it within 10 s. Outcomes: `completed`,
 * `not-found`, `precondition-failed`, `wrong-state` when it is revoked already.
 */
export function createRevokeApiKeyHandler(dependencies: SetupDependencies) {
  return createCommandHandler<'revoke-api-key', SetupRepos>(dependencies, ({ setup }, message) =>
    changeRecord(setup.apiKeys, message, (_, key) =>
      key.revokedAt === null
        ? { revokedAt: Date.parse(message.receivedAt) }
        : refuse('wrong-state', 'The key is revoked already.'),
    ),
  );
}
