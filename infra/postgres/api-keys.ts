import type { BusinessId, ApiKeyId, StoreId } from '../../domain/values/ids.ts';
import { fromUuid } from './ids.ts';
import type { Queryable } from './pool.ts';

export interface FoundApiKey<Scope extends string> {
  kind: 'integration';
  keyId: ApiKeyId;
  businessId: BusinessId;
  integration: string;
  scopes: Scope[];
  storeIds: StoreId[];
  isForAllStores: boolean;
}

interface Row {
  business_id: string;
  id: string;
  integration: string;
  scopes: string[];
  store_ids: string[];
  is_for_all_stores: boolean;
}

/**
 * Whom a key belongs to, by the SHA-256 of the key. Undefined for unknown and revoked keys. A key
 * without stores of its own may post for all stores of its business.
 */
export async function findApiKey<Scope extends string>(
  client: Queryable,
  secretHash: Buffer,
): Promise<FoundApiKey<Scope> | undefined> {
  const { rows } = await client.query<Row>({
    name: 'find-api-key',
    text: 'SELECT * FROM app.find_api_key($1)',
    values: [secretHash],
  });
  const [key] = rows;
  return (
    key && {
      kind: 'integration',
      keyId: fromUuid('key', key.id),
      businessId: fromUuid('biz', key.business_id),
      integration: key.integration,
      scopes: key.scopes as Scope[],
      storeIds: key.store_ids.map((id) => fromUuid('sto', id)),
      isForAllStores: key.is_for_all_stores,
    }
  );
}
