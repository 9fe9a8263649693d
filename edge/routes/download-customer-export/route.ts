import { z } from 'zod';
import { HOUR_MS, type Instant } from '../../../domain/values/time.ts';
import { exportCustomer } from '../../../queues/commands/export-customer.ts';
import {
  archiveDescription,
  archiveSchema,
  type CustomerArchive,
  EXPORT_HOURS,
  sendArchive,
} from '../../customer-archive.ts';
import type { CustomerDirectory } from '../../customer-directory.ts';
import type { Books } from '../../ports.ts';
import { Problem } from '../../problems.ts';
import { defineRoute } from '../../route.ts';
import { idSchema } from '../../schemas.ts';

const outcome = z.object({ export: z.object({ customerId: z.string() }) });

/** `GET /v1/admin/customers/{id}/exports/{exportId}`: all that is held about somebody. */
export function downloadCustomerExportRoute(deps: {
  books: Books;
  archive: CustomerArchive;
  customers: CustomerDirectory;
  now: () => Instant;
}) {
  return defineRoute({
    name: 'download-customer-export',
    method: 'get',
    path: '/v1/admin/customers/:id/exports/:exportId',
    tag: 'Admin',
    summary: 'Fetch a customer’s export',
    description: archiveDescription,
    scope: 'admin:write',
    params: z.object({ id: idSchema('cus'), exportId: idSchema('job') }),
    responses: { 200: { description: 'The document.', schema: archiveSchema } },
    async handle({ params, principal: { businessId } }) {
      const job = await deps.books.findJob(businessId, params.exportId);
      const isThere = job?.type === exportCustomer.name && job.status === 'completed';
      if (!isThere || deps.now() - job.finishedAt > EXPORT_HOURS * HOUR_MS) {
        throw new Problem('not-found');
      }
      const { customerId } = z.parse(outcome, job.result).export;
      const customer = await deps.customers.find(businessId, params.id);
      // Once erased there is nothing left to fetch.
      if (customerId !== params.id || !customer || customer.erasedAt !== null) {
        throw new Problem('not-found');
      }
      return sendArchive(deps.archive, businessId, customer);
    },
  });
}
