import { HOUR_MS, type Instant } from '../values/time.ts';

/** Endpoints that a business may have at once. */
export const MAX_ENDPOINTS = 20;
/** How long the secret before goes on signing beside the new one. */
export const ROTATION_MS = 24 * HOUR_MS;

/** Why nothing is sent to an endpoint: staff said so, it answered 410, or nothing arrived for days. */
export type DisabledReason = 'staff' | 'gone' | 'failing';

/** A server of the business that is told what happens. */
export interface WebhookEndpointFields {
  name: string;
  url: string;
  /** Null for all events, those to come included. */
  types: readonly string[] | null;
  status: 'active' | 'disabled' | 'removed';
  disabledReason: DisabledReason | null;
  disabledAt: Instant | null;
  /** Sealed, as is the one before. */
  secret: string;
  previousSecret: string | null;
  previousUntil: Instant | null;
  rotatedAt: Instant | null;
  /** Since when nothing has arrived; null while it does. */
  failingSince: Instant | null;
}
