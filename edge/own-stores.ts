import type { StoreId } from '../domain/values/ids.ts';
import { Problem } from './problems.ts';

/** Somebody else's store looks like one that does not exist. */
export function unknownStore(): Problem {
  const detail = 'You have no store of this id: name one of yours.';
  return new Problem('unknown-store', {
    errors: [{ pointer: '/storeId', code: 'unknown', detail }],
  });
}

/**
 * @param storeIds the stores of whoever asks; null for all of the business
 * @throws Problem `unknown-store` for a store that they have nothing to do with
 */
export function refuseForeignStore(storeId: StoreId, storeIds: readonly StoreId[] | null): void {
  if (storeIds?.includes(storeId) ?? true) return;
  throw unknownStore();
}
