import { z } from 'zod';
import { programPageSchema, pageOf, type PublicPages } from '../../public-pages.ts';
import { defineRoute } from '../../route.ts';
import { idSchema } from '../../schemas.ts';

/** `GET /v1/public/programs/{id}`: for anybody, and for caches. */
export function getPublicProgramRoute(deps: { pages: PublicPages }) {
  return defineRoute({
    name: 'get-public-program',
    method: 'get',
    path: '/v1/public/programs/:id',
    tag: 'Public',
    summary: 'What customers read of a program',
    description: 'Cacheable: `Cache-Control`, `ETag`, and 304 for `If-None-Match`.',
    scope: 'public',
    params: z.object({ id: idSchema('prg') }),
    responses: {
      200: { description: 'As it is now.', schema: programPageSchema },
      304: { description: 'Not changed since.' },
    },
    async handle({ params, headers }) {
      return pageOf(await deps.pages.findProgram(params.id), headers);
    },
  });
}
