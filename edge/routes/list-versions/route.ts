import { z } from 'zod';
import { pageFields, pageReply, pageSchema } from '../../pages.ts';
import { Problem } from '../../problems.ts';
import type { ResourceDependencies } from '../../resources/resource.ts';
import { defineRoute } from '../../route.ts';
import { idSchema } from '../../schemas.ts';
import { type VersionView, versionSchema } from '../../views/program.ts';

/** `GET /v1/admin/programs/{id}/versions`: newest first. */
export function listVersionsRoute(deps: ResourceDependencies) {
  return defineRoute({
    name: 'list-versions',
    method: 'get',
    path: '/v1/admin/programs/:id/versions',
    tag: 'Admin',
    summary: 'All published versions of a program, newest first',
    scope: 'programs:read',
    params: z.object({ id: idSchema('prg') }),
    query: z.strictObject(pageFields),
    responses: { 200: { description: 'One page.', schema: pageSchema(versionSchema) } },
    async handle({ params: { id }, query, principal }) {
      const { businessId } = principal;
      if (!(await deps.setup.programs.find(businessId, id))) throw new Problem('not-found');
      const positionOf = (version: VersionView) => [String(version.number)];
      const list = { name: `list-versions/${id}`, principal, query, positionOf };
      return pageReply(deps.cursors, list, ({ limit, after }) =>
        deps.setup.listVersions(businessId, id, {
          limit,
          before: after && Number(after[0]),
        }),
      );
    },
  });
}
