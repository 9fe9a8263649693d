import type { Instant } from '../domain/values/time.ts';
import type { ResourceReader } from './ports.ts';
import type { ApiKeyView } from './views/api-key.ts';

/** Tells when keys were last used; null for one that was not. */
export type LastUsed = (ids: readonly string[]) => Promise<(Instant | null)[]>;

/** Keys with when they were last used, which the books do not know. */
export function withLastUse(
  reader: ResourceReader<ApiKeyView>,
  lastUsed: LastUsed,
): ResourceReader<ApiKeyView> {
  async function tell(keys: readonly ApiKeyView[]): Promise<ApiKeyView[]> {
    const used = await lastUsed(keys.map((key) => key.id));
    return keys.map((key, i) => {
      const at = used[i] ?? null;
      return { ...key, lastUsedAt: at === null ? null : new Date(at).toISOString() };
    });
  }
  return {
    async find(businessId, id) {
      const key = await reader.find(businessId, id);
      return key && (await tell([key]))[0];
    },
    list: async (businessId, page) => tell(await reader.list(businessId, page)),
  };
}
