import { z } from 'zod';
import type { FileStore } from '../../../domain/files/file-store.ts';
import {
  IMAGE_TYPES,
  isImageType,
  MAX_UPLOAD_BYTES,
  MAX_UPLOAD_PIXELS,
  uploadKey,
} from '../../../domain/tenancy/logo.ts';
import { Problem } from '../../problems.ts';
import { brands } from '../../resources/brands.ts';
import type { ResourceDependencies } from '../../resources/resource.ts';
import { defineRoute } from '../../route.ts';
import { idSchema } from '../../schemas.ts';

/** Time to choose a file and send it over a slow line; the address is worth nothing after. */
const LINK_SECONDS = 10 * 60;

export interface LogoUploadDependencies extends ResourceDependencies {
  /** Absent where no bucket is set up. */
  files: FileStore | undefined;
}

/** `POST /v1/admin/brands/{id}/logo-uploads`: where to send a picture. Keeps nothing itself. */
export function beginLogoUploadRoute(deps: LogoUploadDependencies) {
  return defineRoute({
    name: 'begin-logo-upload',
    method: 'post',
    path: '/v1/admin/brands/:id/logo-uploads',
    tag: 'Admin',
    summary: 'Ask where to upload a logo',
    description:
      'Send the file to `url` with `method` and `headers`, then `PUT …/logo` with the `id`. ' +
      `${IMAGE_TYPES.join(', ')}; at most ${MAX_UPLOAD_BYTES / 1_048_576} MiB and ` +
      `${MAX_UPLOAD_PIXELS.toLocaleString('en')} pixels. An upload that is not used is gone after a day.`,
    scope: brands.permissions.write,
    params: z.object({ id: idSchema('brd') }),
    body: z.strictObject({
      contentType: z
        .string()
        .max(100)
        .meta({ examples: ['image/png'] }),
      bytes: z
        .int()
        .min(1)
        .meta({ description: 'How long the file is.', examples: [48_213] }),
    }),
    responses: {
      201: {
        description: 'Where to send it.',
        schema: z.object({
          upload: z.object({
            id: z.string(),
            method: z.literal('PUT'),
            url: z.string(),
            headers: z.record(z.string(), z.string()).meta({
              description: 'Signed. Browsers send Content-Length, signed too, themselves.',
            }),
            expiresAt: z.iso.datetime(),
          }),
        }),
      },
    },
    async handle({ params, body, principal }) {
      const { businessId } = principal;
      const { contentType, bytes } = body;
      if (!deps.files) throw new Problem('files-unavailable');
      if (!isImageType(contentType)) throw new Problem('unsupported-image');
      if (bytes > MAX_UPLOAD_BYTES) throw new Problem('image-too-large');
      if (!(await deps.setup.brands.find(businessId, params.id))) throw new Problem('not-found');
      const id = deps.ids.id('upl');
      const key = uploadKey(businessId, params.id, id);
      const url = await deps.files.uploadLink(key, { contentType, bytes }, LINK_SECONDS);
      const expiresAt = new Date(deps.now() + LINK_SECONDS * 1_000).toISOString();
      const headers = { 'Content-Type': contentType };
      return { status: 201, body: { upload: { id, method: 'PUT', url, headers, expiresAt } } };
    },
  });
}
