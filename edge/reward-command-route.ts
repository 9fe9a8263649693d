import { z } from 'zod';
import type { CommandDefinition } from '../queues/define.ts';
import { rewardCode, type rewardVisit } from '../queues/reward-visit.ts';
import type { CommandGate } from './command-gate.ts';
import { refuseForeignStore } from './own-stores.ts';
import { defineRoute } from './route.ts';
import { acceptedSchema, explanationStep, rewardSchema } from './schemas.ts';

type Visit = z.ZodObject<typeof rewardVisit>;

/**
 * A route of one thing that tills do with a reward. They differ in what happens, not in how it is
 * asked for or answered.
 */
export function rewardCommandRoute<Payload extends z.ZodType>(
  command: CommandDefinition<string, Visit, Payload>,
  deps: { gate: CommandGate },
  about: { path: string; summary: string; description: string; done: string },
) {
  const { done, ...told } = about;
  return defineRoute({
    ...told,
    name: command.name,
    method: 'post',
    tag: 'POS',
    scope: 'rewards:write',
    guard: { perMinute: 600, countsMisses: true },
    isCommand: true,
    hasDefaultKey: true,
    params: z.object({ code: rewardCode }),
    body: command.body,
    responses: {
      200: {
        description: done,
        schema: z.object({ reward: rewardSchema, explanation: z.array(explanationStep) }),
      },
      202: { description: 'Queued. Poll the job.', schema: acceptedSchema },
    },
    async handle({ params, body, principal, headers }) {
      refuseForeignStore(body.storeId, principal.storeIds);
      const payload = { code: params.code, ...body };
      const request = { command, body: payload, payload, principal, headers };
      return deps.gate.reply(request, 200);
    },
  });
}
