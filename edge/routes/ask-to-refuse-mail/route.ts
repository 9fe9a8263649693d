import { z } from 'zod';
import {
  askingPage,
  type MailRefusalDependencies,
  readLink,
  refusalParams,
  refusalQuery,
} from '../../mail-refusal.ts';
import { defineRoute } from '../../route.ts';

/** `GET /v1/public/mail/unsubscribe/{token}`: what a link at the end of a mail opens. */
export function askToRefuseMailRoute(deps: MailRefusalDependencies) {
  return defineRoute({
    name: 'ask-to-refuse-mail',
    method: 'get',
    path: '/v1/public/mail/unsubscribe/:token',
    tag: 'Public',
    summary: 'The page that ends a kind of mail',
    description: 'It changes nothing by being opened; its buttons do.',
    scope: 'public',
    params: refusalParams,
    query: refusalQuery,
    responses: {
      200: { description: 'The page.', schema: z.string(), contentType: 'text/html' },
    },
    async handle({ params, query }) {
      return askingPage(readLink(deps, params.token).kind, query.lang);
    },
  });
}
