import type { CommandStore } from '../../../domain/ledger/command-store.ts';
import type { WebhookBooks } from '../../../domain/webhooks/webhook-books.ts';
import type { Handler } from '../handler.ts';

/** Rows that one transaction removes. */
const AT_ONCE = 2_000;

/** Forgets deliveries that are too old to be sent again. Outcome: always `completed`. */
export function createForgetWebhookDeliveriesHandler({
  store,
}: {
  store: CommandStore<{ webhooks: WebhookBooks }>;
}): Handler<'forget-webhook-deliveries'> {
  return async (messages) => {
    for (const { businessId, payload } of messages) {
      const before = Date.parse(payload.before);
      let forgotten = AT_ONCE;
      while (forgotten === AT_ONCE) {
        forgotten = await store.transact(({ webhooks }) =>
          webhooks.forget(businessId, before, AT_ONCE),
        );
      }
    }
    return messages.map(() => ({ status: 'completed', transactionId: null }));
  };
}
