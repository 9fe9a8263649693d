import { z } from 'zod';
import type { CommandGate } from '../command-gate.ts';
import { type AnyCommand, commandRoute } from '../command-route.ts';
import { idSchema } from '../schemas.ts';

/** A command that moves a card into another status, with a reason. */
export function cardStatusRoute(
  deps: { gate: CommandGate },
  route: { command: AnyCommand; path: string; summary: string; description: string },
) {
  const { command, ...told } = route;
  return commandRoute(deps, command, {
    ...told,
    method: 'post',
    tag: 'Admin',
    scope: 'admin:write',
    params: z.object({ id: idSchema('crd') }),
    body: command.body as z.ZodObject,
    done: {
      status: 200,
      description: 'As it is now.',
      schema: z.object({
        card: z.object({ id: z.string(), status: z.enum(['active', 'blocked']) }),
      }),
    },
    payload: ({ params, body }) => ({ cardId: params.id, ...body }),
  });
}
