import { z } from 'zod';
import { type ImportReader, importSchema } from '../../imports.ts';
import { Problem } from '../../problems.ts';
import { defineRoute } from '../../route.ts';
import { idSchema } from '../../schemas.ts';

/** `GET /v1/admin/imports/{id}` */
export function getImportRoute(deps: { imports: ImportReader }) {
  return defineRoute({
    name: 'get-import',
    method: 'get',
    path: '/v1/admin/imports/:id',
    tag: 'Admin',
    summary: 'An import',
    description: 'Its id is its job’s. It is here from when its first rows are read.',
    scope: 'admin:read',
    params: z.object({ id: idSchema('job') }),
    responses: {
      200: { description: 'As it is now.', schema: z.object({ import: importSchema }) },
    },
    async handle({ params, principal }) {
      const found = await deps.imports.find(principal.businessId, params.id);
      if (!found) throw new Problem('not-found');
      return { status: 200, body: { import: found } };
    },
  });
}
