import type { CommandGate } from '../command-gate.ts';
import type { CursorSealer } from '../ports.ts';
import type { ResourceDependencies } from '../resources/resource.ts';
import type { Route } from '../route.ts';
import type { WebhookDependencies } from '../webhooks.ts';
import { createWebhookEndpointRoute } from './create-webhook-endpoint/route.ts';
import { getWebhookDeliveryRoute } from './get-webhook-delivery/route.ts';
import { getWebhookEndpointRoute } from './get-webhook-endpoint/route.ts';
import { listWebhookDeliveriesRoute } from './list-webhook-deliveries/route.ts';
import { listWebhookEndpointsRoute } from './list-webhook-endpoints/route.ts';
import { removeWebhookEndpointRoute } from './remove-webhook-endpoint/route.ts';
import { replayWebhooksRoute } from './replay-webhooks/route.ts';
import { resendWebhookRoute } from './resend-webhook/route.ts';
import { rotateWebhookSecretRoute } from './rotate-webhook-secret/route.ts';
import { testWebhookEndpointRoute } from './test-webhook-endpoint/route.ts';
import { updateWebhookEndpointRoute } from './update-webhook-endpoint/route.ts';

export interface WebhookRouteDependencies extends ResourceDependencies, WebhookDependencies {
  gate: CommandGate;
  cursors: CursorSealer;
}

/** Servers of the business that are told what happens. */
export function webhookRoutes(deps: WebhookRouteDependencies): Route[] {
  return [
    listWebhookEndpointsRoute(deps),
    createWebhookEndpointRoute(deps),
    getWebhookEndpointRoute(deps),
    updateWebhookEndpointRoute(deps),
    removeWebhookEndpointRoute(deps),
    rotateWebhookSecretRoute(deps),
    testWebhookEndpointRoute(deps),
    replayWebhooksRoute(deps),
    listWebhookDeliveriesRoute(deps),
    getWebhookDeliveryRoute(deps),
    resendWebhookRoute(deps),
  ];
}
