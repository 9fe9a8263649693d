import { z } from 'zod';
import type { CommandDefinition } from '../../queues/define.ts';
import type { CommandGate } from '../command-gate.ts';
import { ADMIN_WAIT_SECONDS, defineRoute } from '../route.ts';
import { acceptedSchema, idSchema } from '../schemas.ts';

// oxlint-disable-next-line typescript/no-explicit-any -- any command: its schemas are its own
type AnyCommand = CommandDefinition<string, any, any>;

/** A command that moves a card into another status, with a reason. */
export function cardStatusRoute(
  deps: { gate: CommandGate },
  route: { command: AnyCommand; path: string; summary: string; description: string },
) {
  const { command, ...told } = route;
  return defineRoute({
    ...told,
    name: command.name,
    method: 'post',
    tag: 'Admin',
    scope: 'admin:write',
    isCommand: true,
    defaultWaitSeconds: ADMIN_WAIT_SECONDS,
    params: z.object({ id: idSchema('crd') }),
    body: command.body as z.ZodObject,
    responses: {
      200: {
        description: 'As it is now.',
        schema: z.object({
          card: z.object({ id: z.string(), status: z.enum(['active', 'blocked']) }),
        }),
      },
      202: { description: 'Queued. Poll the job.', schema: acceptedSchema },
    },
    async handle({ params, body, principal, headers }) {
      const payload = { cardId: params.id, ...body };
      return deps.gate.reply({ command, body: payload, payload, principal, headers }, 200);
    },
  });
}
