import type { BusinessId, EventId, WebhookEndpointId } from '../values/ids.ts';
import type { Instant } from '../values/time.ts';

/** Names an endpoint. */
export interface EndpointTarget {
  businessId: BusinessId;
  endpointId: WebhookEndpointId;
}

/** Deliveries as commands change them, bound to one transaction. */
export interface WebhookBooks {
  /** Has one event sent to one endpoint, whatever types it asked for. */
  add(
    target: EndpointTarget,
    delivery: { id: EventId; type: string; body: string },
    at: Instant,
  ): Promise<void>;
  /** Shows what waits as failed: nothing is sent to a disabled endpoint, and all of it can be again. */
  hold(target: EndpointTarget, at: Instant): Promise<void>;
  /**
   * Sends again what came to its end; what waits for its next try is tried at once.
   * @param of.only whether everything, or only what did not arrive
   * @returns how many
   */
  resend(
    target: EndpointTarget,
    of: { id: EventId } | { since: Instant; only: 'all' | 'failed' },
    at: Instant,
  ): Promise<number>;
  /** Forgets what was written before; at most `limit`. @returns how many */
  forget(businessId: BusinessId, before: Instant, limit: number): Promise<number>;
}
