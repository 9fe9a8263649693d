import type { CommandStore } from '../../../domain/ledger/command-store.ts';
import type { WebhookBooks } from '../../../domain/webhooks/webhook-books.ts';
import { createForgetHandler } from '../forget.ts';

/** Forgets deliveries that are too old to be sent again. */
export function createForgetWebhookDeliveriesHandler(deps: {
  store: CommandStore<{ webhooks: WebhookBooks }>;
}) {
  return createForgetHandler(deps, ({ webhooks }, { businessId, before, limit }) =>
    webhooks.forget(businessId, before, limit),
  );
}
