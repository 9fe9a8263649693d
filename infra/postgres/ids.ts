import { fromUUID, toUUID, type TypeId } from 'typeid-js';
import type { Id, IdKind } from '../../domain/values/ids.ts';

// One purchase writes its business, card and transaction ids a dozen times; converting each time was
// 6 % of a worker's work. The cache is small: what is old is not asked for again.
const MAX_CACHED = 10_000;
const uuidById = new Map<string, string>();

/** The database keeps ids as 16-byte uuids; everything else sees them with their kind. */
export function toUuid(id: Id<IdKind>): string {
  const known = uuidById.get(id);
  if (known !== undefined) return known;
  const uuid = toUUID(id as string as TypeId<string>);
  if (uuidById.size >= MAX_CACHED) uuidById.clear();
  uuidById.set(id, uuid);
  return uuid;
}

/** The id that a uuid column of the given kind holds. */
export function fromUuid<K extends IdKind>(kind: K, uuid: string): Id<K> {
  return fromUUID(uuid, kind) as Id<K>;
}
