import { z } from 'zod';
import { exportCustomer } from '../../../queues/commands/export-customer.ts';
import type { CommandGate } from '../../command-gate.ts';
import { EXPORT_HOURS } from '../../customer-archive.ts';
import { ADMIN_WAIT_SECONDS, defineRoute } from '../../route.ts';
import { acceptedSchema, idSchema } from '../../schemas.ts';

const outcome = z.object({ export: z.object({ id: z.string(), expiresAt: z.iso.datetime() }) });

/** `POST /v1/admin/customers/{id}/exports`: somebody wants to know what is held about them. */
export function exportCustomerRoute(deps: { gate: CommandGate }) {
  return defineRoute({
    name: exportCustomer.name,
    method: 'post',
    path: '/v1/admin/customers/:id/exports',
    tag: 'Admin',
    summary: 'Export what is held about a customer',
    description: `The answer says where the document can be fetched, for ${EXPORT_HOURS} hours.`,
    scope: 'admin:write',
    isCommand: true,
    defaultWaitSeconds: ADMIN_WAIT_SECONDS,
    params: z.object({ id: idSchema('cus') }),
    responses: {
      201: {
        description: 'Ready to be fetched.',
        schema: z.object({ export: outcome.shape.export.extend({ url: z.string() }) }),
      },
      202: { description: 'Queued. Poll the job.', schema: acceptedSchema },
    },
    async handle({ params, principal, headers }) {
      const payload = { customerId: params.id };
      const request = { command: exportCustomer, body: payload, payload, principal, headers };
      const reply = await deps.gate.reply(request);
      if (reply.status === 202) return reply;
      const { id, expiresAt } = z.parse(outcome, reply.body).export;
      const url = `/v1/admin/customers/${params.id}/exports/${id}`;
      return { ...reply, body: { export: { id, expiresAt, url } } };
    },
  });
}
