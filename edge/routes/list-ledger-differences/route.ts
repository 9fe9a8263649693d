import { z } from 'zod';
import { pageFields, pageReply, pageSchema } from '../../pages.ts';
import type { CursorSealer, LedgerReader } from '../../ports.ts';
import { defineRoute } from '../../route.ts';

const differenceSchema = z
  .object({
    cardId: z.string(),
    rule: z.string().meta({ description: 'Stable; new rules may be added.' }),
    expected: z.int().meta({ description: 'Whole stamps, or millionths of a point.' }),
    found: z.int(),
    firstFoundAt: z.iso.datetime(),
    lastFoundAt: z.iso.datetime(),
    isOpen: z.boolean().meta({ description: 'Whether the last run still found it.' }),
  })
  .meta({ id: 'LedgerDifference' });

const checkSchema = z
  .object({
    startedAt: z.iso.datetime(),
    finishedAt: z.iso.datetime(),
    cards: z.int(),
    differences: z.int(),
  })
  .meta({ id: 'LedgerCheck' });

/** `GET /v1/admin/ledger/differences`: where the books did not agree with themselves. */
export function listLedgerDifferencesRoute(deps: { ledger: LedgerReader; cursors: CursorSealer }) {
  const name = 'list-ledger-differences';
  return defineRoute({
    name,
    method: 'get',
    path: '/v1/admin/ledger/differences',
    tag: 'Admin',
    summary: 'Differences in the books',
    description:
      'Every hour each balance is recomputed. What differs is listed here and never repaired by ' +
      'itself. `lastCheck` says when the last run ended, and over how many cards.',
    scope: 'admin:read',
    query: z.strictObject(pageFields),
    responses: {
      200: {
        description: 'One page.',
        schema: pageSchema(differenceSchema).extend({ lastCheck: checkSchema.nullable() }),
      },
    },
    async handle({ query, principal }) {
      const { businessId } = principal;
      const lastCheck = (await deps.ledger.lastCheck(businessId)) ?? null;
      const reply = await pageReply(
        deps.cursors,
        {
          name,
          principal,
          query,
          positionOf: ({ cardId, rule }: z.output<typeof differenceSchema>) => [cardId, rule],
        },
        (page) => deps.ledger.differences(businessId, page),
      );
      return { ...reply, body: { ...(reply.body as object), lastCheck } };
    },
  });
}
