import { AsyncLocalStorage } from 'node:async_hooks';
import type { BusinessId } from '../../domain/values/ids.ts';
import { toUuid } from './ids.ts';

/** The setting that row-level security asks: uuids with commas between them. */
const UUIDS = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}(,[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12})*$/;

const scopes = new AsyncLocalStorage<string>();

/**
 * Does work that may see these businesses and no other, whatever its statements ask for: each
 * transaction and each read that it begins tells PostgreSQL so. Said where it is known for certain who
 * asks, at the door of a route or of a handler, and not by the code that reads; without it there are
 * no rows at all.
 */
export function inBusinesses<T>(businessIds: readonly BusinessId[], work: () => T): T {
  return scopes.run(scopeOf([...new Set(businessIds)].map(toUuid)), work);
}

/** The setting for these businesses. @throws Error for anything but uuids: it stands in statements */
export function scopeOf(businessUuids: readonly string[]): string {
  const scope = businessUuids.join(',');
  if (scope !== '' && !UUIDS.test(scope)) throw new Error('a business is named by its uuid');
  return scope;
}

/** The setting of the work under way; empty where no business was named. */
export function currentScope(): string {
  return scopes.getStore() ?? '';
}

/** Names the businesses until the transaction ends, which a plain SET would outlive. */
export function setScope(scope: string): string {
  return `SET LOCAL app.business = '${scope}'`;
}
