import { z } from 'zod';
import type { SetupReader } from '../../ports.ts';
import { Problem } from '../../problems.ts';
import { defineRoute } from '../../route.ts';
import { staffSchema } from '../../views/staff.ts';

/** `GET /v1/admin/me`: whoever asks, as this business has them on its staff. */
export function getMeAsStaffRoute(deps: { setup: SetupReader }) {
  return defineRoute({
    name: 'get-me-as-staff',
    method: 'get',
    path: '/v1/admin/me',
    tag: 'Admin',
    summary: 'Me, as this business has me on its staff',
    scope: 'staff:self',
    responses: { 200: { description: 'You.', schema: z.object({ staff: staffSchema }) } },
    async handle({ principal: { businessId, staffId } }) {
      const staff = await deps.setup.staff.find(businessId, staffId);
      if (!staff) throw new Problem('not-found');
      return { status: 200, body: { staff } };
    },
  });
}
