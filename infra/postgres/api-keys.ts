import type { BusinessId, ApiKeyId, StoreId } from '../../domain/values/ids.ts';
import { fromUuid } from './ids.ts';
import { ApiKey, Store } from './models/models.ts';

export interface FoundApiKey<Scope extends string> {
  kind: 'integration';
  keyId: ApiKeyId;
  businessId: BusinessId;
  integration: string;
  scopes: Scope[];
  storeIds: StoreId[];
  isForAllStores: boolean;
}

/**
 * Whom a key belongs to, by the SHA-256 of the key. Undefined for unknown and revoked keys. A key
 * without stores of its own may post for all stores of its business.
 */
export async function findApiKey<Scope extends string>(
  secretHash: Buffer,
): Promise<FoundApiKey<Scope> | undefined> {
  const key = await ApiKey.findOne({ where: { secretHash, revokedAt: null } });
  if (!key) return undefined;
  const stores =
    key.storeIds ??
    (await Store.findAll({ where: { businessId: key.businessId } })).map((store) => store.id);
  return {
    kind: 'integration',
    keyId: fromUuid('key', key.id),
    businessId: fromUuid('biz', key.businessId),
    integration: key.integration,
    scopes: key.scopes as Scope[],
    storeIds: stores.map((id) => fromUuid('sto', id)),
    isForAllStores: key.storeIds === null,
  };
}
