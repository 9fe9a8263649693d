import { z } from 'zod';
import { exportCustomer } from '../../../queues/commands/export-customer.ts';
import type { CommandGate } from '../../command-gate.ts';
import { commandRoute } from '../../command-route.ts';
import { EXPORT_HOURS } from '../../customer-archive.ts';
import { idSchema } from '../../schemas.ts';

const outcome = z.object({ export: z.object({ id: z.string(), expiresAt: z.iso.datetime() }) });

/** `POST /v1/admin/customers/{id}/exports`: somebody wants to know what is held about them. */
export function exportCustomerRoute(deps: { gate: CommandGate }) {
  return commandRoute(deps, exportCustomer, {
    method: 'post',
    path: '/v1/admin/customers/:id/exports',
    tag: 'Admin',
    summary: 'Export what is held about a customer',
    description: `The answer says where the document can be fetched, for ${EXPORT_HOURS} hours.`,
    scope: 'admin:write',
    params: z.object({ id: idSchema('cus') }),
    done: {
      status: 201,
      description: 'Ready to be fetched.',
      schema: z.object({ export: outcome.shape.export.extend({ url: z.string() }) }),
    },
    payload: ({ params }) => ({ customerId: params.id }),
    async present(reply, { params }) {
      const { id, expiresAt } = z.parse(outcome, reply.body).export;
      const url = `/v1/admin/customers/${params.id}/exports/${id}`;
      return { ...reply, body: { export: { id, expiresAt, url } } };
    },
  });
}
