import { z } from 'zod';
import { MINUTE_MS, type Instant } from '../../../domain/values/time.ts';
import { refuseMail } from '../../../queues/commands/refuse-mail.ts';
import type { CommandGate } from '../../command-gate.ts';
import {
  donePage,
  type MailRefusalDependencies,
  readLink,
  refusalParams,
  refusalQuery,
} from '../../mail-refusal.ts';
import { defineRoute } from '../../route.ts';

/**
 * `POST /v1/public/mail/unsubscribe/{token}`: ends a kind of mail. Mail programs post here by
 * themselves when their reader says so (RFC 8058), people by the page's buttons.
 */
export function refuseMailRoute(
  deps: MailRefusalDependencies & { gate: CommandGate; now: () => Instant },
) {
  return defineRoute({
    name: 'refuse-mail',
    method: 'post',
    path: '/v1/public/mail/unsubscribe/:token',
    tag: 'Public',
    summary: 'End a kind of mail',
    description: 'With one click (RFC 8058): the link in the mail says whose and which.',
    scope: 'public',
    params: refusalParams,
    query: refusalQuery.extend({
      all: z.literal('1').optional().meta({ description: 'Ends all mail of this business.' }),
    }),
    responses: {
      200: { description: 'It ends.', schema: z.string(), contentType: 'text/html' },
    },
    async handle({ params, query, headers }) {
      const { businessId, personId, kind } = readLink(deps, params.token);
      const refusal = { personId, ...(query.all === undefined && { kind }) };
      await deps.gate.accept({
        command: refuseMail,
        body: refusal,
        payload: refusal,
        principal: { kind: 'system', businessId, id: 'mail-link' },
        headers: {
          ...headers,
          // Who allows it again and ends it again means it; who clicks twice means it once.
          idempotencyKey: `${personId}/${query.all ? 'all' : kind}/${Math.floor(deps.now() / MINUTE_MS)}`,
        },
      });
      return donePage(query.lang);
    },
  });
}
