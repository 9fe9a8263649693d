import { changeRecord, refuse, type SetupDependencies, type SetupRepos } from '../change.ts';
import { createCommandHandler } from '../command.ts';

/** Ends an offer for new receivers. Outcomes: `completed`, `not-found`, `precondition-failed`, `offer-ended`. */
export function createEndOfferHandler(dependencies: SetupDependencies) {
  return createCommandHandler<'end-offer', SetupRepos>(dependencies, ({ setup }, message) =>
    changeRecord(setup.offers, message, (_, { status }) =>
      status === 'ended'
        ? refuse('offer-ended')
        : { status: 'ended', endedAt: Date.parse(message.receivedAt) },
    ),
  );
}
