import { hash } from 'node:crypto';
import { z } from 'zod';
import type { BrandId, ProgramId } from '../domain/values/ids.ts';
import { Problem } from './problems.ts';
import { logoSchema } from './views/logo.ts';
import type { Reply, RequestHeaders } from './route.ts';

/** What anybody may read, by an id that stands on a poster. */
export interface PublicPages {
  findBrand(id: BrandId): Promise<BrandPage | undefined>;
  findProgram(id: ProgramId): Promise<ProgramPage | undefined>;
}

export const programPageSchema = z
  .object({
    id: z.string(),
    brandId: z.string(),
    name: z.string(),
    description: z.string().nullable(),
    unit: z.enum(['stamp', 'point']),
    rules: z.array(z.string()).meta({ description: 'How it works, a sentence each.' }),
  })
  .meta({ id: 'ProgramPage' });

export const brandPageSchema = z
  .object({
    id: z.string(),
    name: z.string(),
    description: z.string().nullable(),
    colour: z.string().nullable(),
    logo: logoSchema,
    stores: z.array(
      z.object({
        id: z.string(),
        name: z.string(),
        zone: z.string(),
        address: z.string().nullable(),
        openingHours: z
          .array(z.object({ weekday: z.int(), opens: z.string(), closes: z.string() }))
          .nullable(),
      }),
    ),
    programs: z.array(programPageSchema),
  })
  .meta({ id: 'BrandPage' });

export type BrandPage = z.output<typeof brandPageSchema>;
export type ProgramPage = z.output<typeof programPageSchema>;

// A change of hours shows within a minute; a poster that goes round costs one look a minute an edge.
const CACHE_CONTROL = 'public, max-age=60, stale-while-revalidate=300';

/**
 * Answers a page for caches to keep: its ETag is what it says, and who has it already gets 304.
 * @throws Problem `not-found` without one
 */
export function pageOf(page: object | undefined, headers: RequestHeaders): Reply {
  if (!page) throw new Problem('not-found');
  const etag = `"${hash('sha256', JSON.stringify(page), 'base64url').slice(0, 22)}"`;
  const told = { ETag: etag, 'Cache-Control': CACHE_CONTROL };
  const known = (headers.ifNoneMatch ?? '').split(',').map((tag) => tag.trim().replace(/^W\//, ''));
  if (known.includes(etag) || known.includes('*')) return { status: 304, headers: told };
  return { status: 200, body: page, headers: told };
}
