import { z } from 'zod';
import { exportKey } from '../../../domain/exports/export.ts';
import type { FileStore } from '../../../domain/files/file-store.ts';
import type { Instant } from '../../../domain/values/time.ts';
import { type ExportReader, linkedExportSchema } from '../../exports.ts';
import { linkFiles } from '../../file-links.ts';
import { Problem } from '../../problems.ts';
import { defineRoute } from '../../route.ts';
import { idSchema } from '../../schemas.ts';

/** `GET /v1/admin/exports/{id}`: where the files of an export are. */
export function getExportRoute(deps: {
  exports: ExportReader;
  files: FileStore | undefined;
  now: () => Instant;
}) {
  return defineRoute({
    name: 'get-export',
    method: 'get',
    path: '/v1/admin/exports/:id',
    tag: 'Admin',
    summary: 'An export, with links to its files',
    scope: 'exports:read',
    params: z.object({ id: idSchema('job') }),
    responses: {
      200: { description: 'The export.', schema: z.object({ export: linkedExportSchema }) },
    },
    async handle({ params, principal: { businessId } }) {
      const found = await deps.exports.find(businessId, params.id);
      if (!found) throw new Problem('not-found');
      const files = await linkFiles(deps, found, (name) => exportKey(businessId, params.id, name));
      return { status: 200, body: { export: { ...found, files } } };
    },
  });
}
