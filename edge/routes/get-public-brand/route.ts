import { z } from 'zod';
import { brandPageSchema, pageOf, type PublicPages } from '../../public-pages.ts';
import { defineRoute } from '../../route.ts';
import { idSchema } from '../../schemas.ts';

/** `GET /v1/public/brands/{id}`: for anybody, and for caches. */
export function getPublicBrandRoute(deps: { pages: PublicPages }) {
  return defineRoute({
    name: 'get-public-brand',
    method: 'get',
    path: '/v1/public/brands/:id',
    tag: 'Public',
    summary: 'What customers read of a brand',
    description: 'Cacheable: `Cache-Control`, `ETag`, and 304 for `If-None-Match`.',
    scope: 'public',
    params: z.object({ id: idSchema('brd') }),
    responses: {
      200: { description: 'As it is now.', schema: brandPageSchema },
      304: { description: 'Not changed since.' },
    },
    async handle({ params, headers }) {
      return pageOf(await deps.pages.findBrand(params.id), headers);
    },
  });
}
