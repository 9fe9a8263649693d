import { z } from 'zod';
import { chooseMail } from '../../../queues/commands/choose-mail.ts';
import type { CommandGate } from '../../command-gate.ts';
import type { SetupReader } from '../../ports.ts';
import { Problem } from '../../problems.ts';
import { ADMIN_WAIT_SECONDS, defineRoute } from '../../route.ts';
import { acceptedSchema } from '../../schemas.ts';
import { staffSchema } from '../../views/staff.ts';

/** `PATCH /v1/admin/me`: somebody on the staff says which mail they want. */
export function chooseMailRoute(deps: { gate: CommandGate; setup: SetupReader }) {
  return defineRoute({
    name: chooseMail.name,
    method: 'patch',
    path: '/v1/admin/me',
    tag: 'Admin',
    summary: 'Choose the mail that I get',
    description:
      'Also brings back what was ended by the link in a mail. Name, role and stores are for an ' +
      'owner to change.',
    scope: 'staff:self',
    isCommand: true,
    defaultWaitSeconds: ADMIN_WAIT_SECONDS,
    body: chooseMail.body,
    exampleBody: { mailRefusals: ['weekly-report'] },
    responses: {
      200: { description: 'Changed.', schema: z.object({ staff: staffSchema }) },
      202: { description: 'Queued. Poll the job.', schema: acceptedSchema },
    },
    async handle({ body, principal, headers }) {
      const { businessId, staffId } = principal;
      const command = { command: chooseMail, body, payload: body, principal, headers };
      const reply = await deps.gate.reply(command, 200);
      if (reply.status === 202) return reply;
      const staff = await deps.setup.staff.find(businessId, staffId);
      if (!staff) throw new Problem('not-found');
      return { ...reply, body: { staff } };
    },
  });
}
