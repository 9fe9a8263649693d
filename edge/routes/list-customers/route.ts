import { z } from 'zod';
import { email, phone, tag } from '../../../queues/personal.ts';
import { text } from '../../../queues/text.ts';
import {
  type CustomerDirectory,
  type CustomerPosition,
  customerSchema,
  type CustomerSearch,
  type FoundCustomer,
} from '../../customer-directory.ts';
import { pageFields, pageReply, pageSchema } from '../../pages.ts';
import type { CursorSealer } from '../../ports.ts';
import { defineRoute } from '../../route.ts';

const filters = {
  phone: phone.optional(),
  email: email.optional(),
  cardCode: text({ min: 8, max: 64 }).optional(),
  name: text({ max: 120 }).optional(),
  tag: tag.optional(),
  externalId: text({ max: 170 })
    .regex(/^[a-z0-9._-]+:./, { error: 'must be the system, a colon and its id' })
    .optional(),
};

/** `GET /v1/admin/customers`: everybody, or whoever is looked for. */
export function listCustomersRoute(deps: { customers: CustomerDirectory; cursors: CursorSealer }) {
  return defineRoute({
    name: 'list-customers',
    method: 'get',
    path: '/v1/admin/customers',
    tag: 'Admin',
    summary: 'List or find customers',
    description:
      'By `phone`, `email`, `cardCode` (of merged cards too), `externalId=system:id`, `tag`, or ' +
      '`name`: the beginning of any of its words, in any case, with or without accents.',
    scope: 'admin:read',
    query: z
      .strictObject({ ...filters, ...pageFields })
      .refine((query) => Object.keys(filters).filter((name) => name in query).length <= 1, {
        error: 'must be at most one of phone, email, cardCode, name, tag, externalId',
      }),
    responses: {
      200: {
        description: 'A page of customers; by name in the order of names.',
        schema: pageSchema(customerSchema),
      },
    },
    async handle({ query, principal }) {
      const search = toSearch(query);
      const list = {
        name: `list-customers/${JSON.stringify(search)}`,
        principal,
        query,
        positionOf: (found: FoundCustomer) => [found.sortKey, found.customer.id],
      };
      const reply = await pageReply(deps.cursors, list, ({ limit, after }) =>
        deps.customers.search(principal.businessId, search, {
          limit,
          after: after as CustomerPosition | undefined,
        }),
      );
      const { data, nextCursor } = reply.body as { data: FoundCustomer[]; nextCursor: string };
      return { ...reply, body: { data: data.map((found) => found.customer), nextCursor } };
    },
  });
}

function toSearch(query: {
  [Name in keyof typeof filters]?: string | undefined;
}): CustomerSearch {
  for (const by of ['phone', 'email', 'cardCode', 'name', 'tag'] as const) {
    const value = query[by];
    if (value !== undefined) return { by, value };
  }
  if (query.externalId === undefined) return { by: 'all' };
  const colon = query.externalId.indexOf(':');
  return {
    by: 'externalId',
    system: query.externalId.slice(0, colon),
    value: query.externalId.slice(colon + 1),
  };
}
