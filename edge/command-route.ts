import type { z } from 'zod';
import type { Permission } from '../domain/tenancy/permissions.ts';
import type { CommandDefinition } from '../queues/define.ts';
import type { CommandGate } from './command-gate.ts';
import type { Caller } from './ports.ts';
import {
  ADMIN_WAIT_SECONDS,
  defineRoute,
  type InputOf,
  type Reply,
  type Route,
  type RouteResponse,
} from './route.ts';
import { acceptedSchema } from './schemas.ts';

// oxlint-disable-next-line typescript/no-explicit-any -- any command: its schemas are its own
export type AnyCommand = CommandDefinition<string, any, any>;

/** What `commandRoute` says of a route by itself. */
type Implied = 'name' | 'isCommand' | 'defaultWaitSeconds' | 'responses' | 'handle';

/**
 * A route by which a person sends one command: it answers with what came of it or, when that takes
 * longer than they wait, 202 with the job. It is named as its command unless told otherwise.
 */
export function commandRoute<
  const Needed extends Permission,
  Params extends z.ZodObject | undefined = undefined,
  Query extends z.ZodObject | undefined = undefined,
  Body extends z.ZodType | undefined = undefined,
>(
  { gate }: { gate: CommandGate },
  command: AnyCommand,
  route: Omit<Route, Implied | 'scope' | 'params' | 'query' | 'body'> & {
    name?: string;
    scope: Needed;
    params?: Params;
    query?: Query;
    body?: Body;
    /** What is answered when it is done. */
    done: RouteResponse & { status: 200 | 201 };
    /** What is said of a 202, where there is more to say. */
    queued?: string;
    /** What travels. @throws Problem when the edge knows already that it cannot be done */
    payload: (input: InputOf<Needed, Params, Query, Body>) => object | Promise<object>;
    /** What a repeat is compared by, where it is not what travels: nothing is sealed alike twice. */
    compared?: (input: InputOf<Needed, Params, Query, Body>) => object;
    /** Makes the answer from the command's result, which has ids only. */
    present?: (reply: Reply, input: InputOf<Needed, Params, Query, Body>) => Promise<Reply>;
  },
): Route {
  const { name = command.name, done, queued, payload, compared, present, ...told } = route;
  const { status, ...response } = done;
  return defineRoute<Needed, Params, Query, Body>({
    ...told,
    name,
    isCommand: true,
    defaultWaitSeconds: ADMIN_WAIT_SECONDS,
    responses: {
      [status]: response,
      202: { description: queued ?? 'Queued. Poll the job.', schema: acceptedSchema },
    },
    async handle(input) {
      const { headers } = input;
      // Whoever sends a command has been let in as somebody.
      const principal = input.principal as Caller;
      const travels = await payload(input);
      const body = compared?.(input) ?? travels;
      const request = { command, body, payload: travels, principal, headers };
      const reply = await gate.reply(request, status);
      return present && reply.status !== 202 ? present(reply, input) : reply;
    },
  });
}
