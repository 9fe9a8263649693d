import {
  archiveDescription,
  archiveSchema,
  type CustomerArchive,
  sendArchive,
} from '../../customer-archive.ts';
import type { CustomerDirectory } from '../../customer-directory.ts';
import { Problem } from '../../problems.ts';
import { defineRoute } from '../../route.ts';

/** `GET /v1/customer/me/export`: all that this business holds about whoever asks. */
export function exportMeRoute(deps: { archive: CustomerArchive; customers: CustomerDirectory }) {
  return defineRoute({
    name: 'export-me',
    method: 'get',
    path: '/v1/customer/me/export',
    tag: 'Customer',
    summary: 'All that is held about me',
    description: archiveDescription,
    scope: 'self:read',
    responses: { 200: { description: 'The document.', schema: archiveSchema } },
    async handle({ principal: { businessId, customerId } }) {
      const customer = await deps.customers.find(businessId, customerId);
      if (!customer || customer.erasedAt !== null) throw new Problem('not-found');
      return sendArchive(deps.archive, businessId, customer);
    },
  });
}
