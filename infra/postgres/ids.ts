import { fromUUID, toUUID, type TypeId } from 'typeid-js';
import type { Id, IdKind } from '../../domain/values/ids.ts';

// One purchase reads and writes its business, card and transaction ids a dozen times; converting
// each time was 9 % of a worker's work. What is old is not asked for again, so the cache is small.
const MAX_CACHED = 10_000;
const uuidById = new Map<string, string>();
const idByUuid = new Map<string, string>();

/** The database keeps ids as 16-byte uuids; everything else sees them with their kind. */
export function toUuid(id: Id<IdKind>): string {
  return uuidById.get(id) ?? remember(id, toUUID(id as string as TypeId<string>)).uuid;
}

/** The id that a uuid column of the given kind holds. */
export function fromUuid<K extends IdKind>(kind: K, uuid: string): Id<K> {
  const known = idByUuid.get(uuid);
  if (known?.startsWith(kind)) return known as Id<K>;
  return remember(fromUUID(uuid, kind), uuid).id as Id<K>;
}

function remember(id: string, uuid: string): { id: string; uuid: string } {
  if (uuidById.size >= MAX_CACHED) {
    uuidById.clear();
    idByUuid.clear();
  }
  uuidById.set(id, uuid);
  idByUuid.set(uuid, id);
  return { id, uuid };
}
