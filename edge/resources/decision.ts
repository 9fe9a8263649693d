import { z } from 'zod';
import type { CommandGate } from '../command-gate.ts';
import { type AnyCommand, commandRoute } from '../command-route.ts';
import { idSchema } from '../schemas.ts';

/** A decision of a second person on what waits for one. */
export function decisionRoute(
  deps: { gate: CommandGate },
  route: { command: AnyCommand; path: string; summary: string; description: string },
) {
  const { command, ...told } = route;
  return commandRoute(deps, command, {
    ...told,
    method: 'post',
    tag: 'Admin',
    scope: 'admin:write',
    params: z.object({ id: idSchema('apr') }),
    body: command.body as z.ZodObject,
    done: {
      status: 200,
      description: 'Decided; with what came of the request.',
      schema: z
        .object({
          approval: z.object({
            id: z.string(),
            jobId: z.string(),
            status: z.enum(['approved', 'rejected']),
          }),
        })
        .catchall(z.unknown()),
    },
    payload: ({ params, body }) => ({ approvalId: params.id, ...body }),
  });
}
