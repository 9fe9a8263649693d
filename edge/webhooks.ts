import type { BusinessId, EventId, WebhookEndpointId } from '../domain/values/ids.ts';
import { type Caller } from './ports.ts';
import { Problem } from './problems.ts';
import type { RequestHeaders } from './route.ts';
import { senderOf } from './command-gate.ts';
import type { WebhookDeliveryView, WholeWebhookDeliveryView } from './views/webhook-endpoint.ts';

/** Deliveries, as those see them who may only read. */
export interface WebhookReader {
  /** Newest first, behind `after`; undefined for an endpoint that does not exist. */
  list(
    businessId: BusinessId,
    endpointId: WebhookEndpointId,
    page: {
      limit: number;
      after: string | undefined;
      status: WebhookDeliveryView['status'] | undefined;
      type: string | undefined;
    },
  ): Promise<WebhookDeliveryView[] | undefined>;
  find(
    businessId: BusinessId,
    endpointId: WebhookEndpointId,
    id: EventId,
  ): Promise<WholeWebhookDeliveryView | undefined>;
}

/** Makes the secrets that webhooks are signed with; the same seed makes the same. */
export interface WebhookSecrets {
  make(seed: string): { secret: string; sealedSecret: string };
}

export interface WebhookDependencies {
  webhooks: WebhookReader;
  webhookSecrets: WebhookSecrets;
  /** What speaks against sending to a URL; undefined when nothing does. */
  refusalOfUrl: (url: string) => string | undefined;
}

/** @throws Problem `forbidden-url` */
export function checkUrl(deps: Pick<WebhookDependencies, 'refusalOfUrl'>, url: string): void {
  const detail = deps.refusalOfUrl(url);
  if (detail === undefined) return;
  const errors = [{ pointer: '/url', code: 'forbidden-url', detail }];
  throw new Problem('forbidden-url', { detail, errors });
}

/** A secret for a request, the same for its repeats. @param key what makes it unique to its sender */
export function secretFor(
  secrets: WebhookSecrets,
  request: { command: string; principal: Caller; key: RequestHeaders['idempotencyKey'] },
): ReturnType<WebhookSecrets['make']> {
  const { command, principal, key } = request;
  const { kind, id } = senderOf(principal);
  return secrets.make(JSON.stringify([command, principal.businessId, kind, id, key]));
}
