import type { CommandStore } from '../../../domain/ledger/command-store.ts';
import type { Facts } from '../../../domain/ledger/facts.ts';
import { planPublication } from '../../../domain/programs/publish.ts';
import { isPublishable, validateDefinition } from '../../../domain/programs/validate.ts';
import type { IdSource } from '../../../domain/values/ids.ts';
import type { OutboxEvent } from '../../../queues/events/events.ts';
import {
  draftDefinitionSchema,
  versionDefinitionSchema,
} from '../../../queues/version-definition.ts';
import { changeRecord, refuse, type SetupRepos } from '../change.ts';
import { createCommandHandler } from '../command.ts';

/**
 * Makes the draft the next version, from now or a future moment; it is never edited afterwards. Cards
 * with stamps on them keep theirs until they complete. Outcomes: `completed`, `not-found`,
 * `precondition-failed`, `wrong-state` without a draft or for an archived program,
 * `definition-invalid`, `from-in-past`.
 */
export function createPublishVersionHandler(dependencies: {
  store: CommandStore<SetupRepos & { facts: Facts }>;
  ids: IdSource;
}) {
  const { ids } = dependencies;
  return createCommandHandler<'publish-version', SetupRepos & { facts: Facts }>(
    dependencies,
    ({ setup, facts }, message) => {
      const { businessId, payload } = message;
      const { id } = payload;
      return changeRecord(setup.programs, message, async ({ from }, program) => {
        if (program.archivedAt !== null) return refuse('wrong-state', 'The program is archived.');
        if (program.draft === null) return refuse('wrong-state', 'There is no draft to publish.');
        const draft = draftDefinitionSchema.parse(program.draft);
        const problems = validateDefinition(draft, program);
        if (!isPublishable(problems)) {
          const texts = problems.filter((p) => p.severity === 'error').map((p) => p.text);
          return refuse('definition-invalid', texts.slice(0, 5).join(' '));
        }
        const plan = planPublication(await setup.versions.windows(businessId, id), {
          from: from === undefined ? null : Date.parse(from),
          now: Date.parse(message.receivedAt),
        });
        if (plan.kind === 'refused') return refuse(plan.code);
        const rewardId = await setup.versions.latestRewardId(businessId, id);
        const definition = versionDefinitionSchema.parse({
          ...draft,
          autoReward: draft.autoReward && {
            ...draft.autoReward,
            id: draft.autoReward.id ?? rewardId ?? ids.id('rdf'),
          },
        });
        await setup.versions.close(businessId, id, plan.closes);
        await setup.versions.add(businessId, id, { ...plan, definition });
        const event: OutboxEvent = {
          id: ids.id('evt'),
          type: 'program.published',
          data: { programId: id, version: plan.number, from: new Date(plan.from).toISOString() },
        };
        await facts.publish(businessId, [event]);
        return { draft: null };
      });
    },
  );
}
