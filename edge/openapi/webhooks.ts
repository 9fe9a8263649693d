import { z } from 'zod';
import type { ZodOpenApiPathItemObject } from 'zod-openapi';
import type { EventDefinition } from '../../queues/define.ts';
import { events, webhookTypes } from '../../queues/events/events.ts';
import { webhookTest } from '../../queues/events/webhook-body.ts';

/** Of all of them. */
export const aboutWebhooks =
  'Posted to the servers that `POST /v1/admin/webhook-endpoints` names, signed as ' +
  '[Standard Webhooks](https://www.standardwebhooks.com) have it. One may come twice and in another ' +
  'order: `webhook-id` tells repeats, `sequence` tells order and gaps among the events of a card. ' +
  'Fields may come to be: leave out what you do not know.';

const header = (id: string, description: string) => z.string().meta({ description, param: { id } });
const headers = z.object({
  'webhook-id': header('webhookId', 'The event’s id. One that comes again has the same.'),
  'webhook-timestamp': header('webhookTimestamp', 'When this try was sent, in seconds since 1970.'),
  'webhook-signature': header(
    'webhookSignature',
    'HMAC-SHA256 over `id.timestamp.body` with the endpoint’s secret; two of them, with a space ' +
      'between, while the secret is being replaced.',
  ),
});

/**
 * What is posted to a business's own servers, by type of event, as OpenAPI 3.1 has it.
 * @param exampleBody a body to show, by the event's type
 */
export function webhookItems(
  exampleBody: (type: string) => object | undefined,
): Record<string, ZodOpenApiPathItemObject> {
  const sent = [...webhookTypes.map((type) => events[type]), webhookTest];
  return Object.fromEntries(
    sent.map((event) => [event.type, webhookItem(event, exampleBody(event.type))]),
  );
}

function webhookItem(
  { type, about, data }: EventDefinition<string, z.ZodObject>,
  example: object | undefined,
): ZodOpenApiPathItemObject {
  // Not strict: fields may come to be, and a receiver should not stumble over them.
  const schema = z.object({
    type: z.literal(type),
    timestamp: z.iso.datetime().describe('When it happened.'),
    data: z.object({ ...data.shape, ...(hasLists(data) && { truncated }) }),
  });
  return {
    post: {
      operationId: type,
      tags: ['Webhooks'],
      summary: type,
      description: about,
      security: [],
      requestParams: { header: headers },
      requestBody: {
        required: true,
        content: { 'application/json': { schema, ...(example && { example }) } },
      },
      responses: {
        '2XX': { description: 'It has arrived. Anything else is tried again.' },
        '410': { description: 'The endpoint is gone: nothing more is sent to it.' },
      },
    },
  };
}

const truncated = z
  .literal(true)
  .optional()
  .describe('The body would have been 20 kB or longer; of each list the first hundred are left.');

const hasLists = ({ shape }: z.ZodObject) =>
  Object.values(shape).some((field) => field instanceof z.ZodArray);
