import { z } from 'zod';
import type { Caller, CursorSealer } from './ports.ts';
import { Problem } from './problems.ts';
import type { Reply } from './route.ts';

const DEFAULT_PAGE = 50;
const MAX_PAGE = 100;

/** The query fields of every list. */
export const pageFields = {
  limit: z.coerce.number().int().min(1).max(MAX_PAGE).default(DEFAULT_PAGE),
  cursor: z
    .string()
    .max(500)
    .optional()
    .meta({ description: '`nextCursor` of the page before; opaque.' }),
};

/** The answer of every list. */
export function pageSchema<Item extends z.ZodType>(item: Item) {
  return z.object({
    data: z.array(item),
    nextCursor: z.string().nullable().meta({ description: 'null on the last page.' }),
  });
}

/**
 * Answers one page of a list. Reads one item more than the page holds, which tells whether there is
 * a next.
 * @param list.name the route's: a cursor of one list, or of another business, is none of another's
 * @throws Problem `malformed-query` for a cursor that was not written for this list
 */
export async function pageReply<Item>(
  cursors: CursorSealer,
  list: {
    name: string;
    principal: Caller;
    query: { limit: number; cursor?: string | undefined };
    /** What the next page begins behind. */
    positionOf: (item: Item) => readonly string[];
  },
  read: (page: { limit: number; after: readonly string[] | undefined }) => Promise<Item[]>,
): Promise<Reply> {
  const { limit, cursor } = list.query;
  const name = `${list.principal.businessId}/${list.name}`;
  const after = cursor === undefined ? undefined : cursors.open(name, cursor);
  if (cursor !== undefined && after === undefined) {
    const detail = 'The cursor is not one of this list. Begin again without it.';
    const errors = [{ pointer: '/cursor', code: 'forged', detail }];
    throw new Problem('malformed-query', { detail, errors });
  }
  const items = await read({ limit: limit + 1, after });
  const data = items.slice(0, limit);
  const last = items.length > limit ? data.at(-1) : undefined;
  const nextCursor = last === undefined ? null : cursors.seal(name, list.positionOf(last));
  return { status: 200, body: { data, nextCursor } };
}
