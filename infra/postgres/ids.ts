import { fromUUID, toUUID, type TypeId } from 'typeid-js';
import type { Id, IdKind } from '../../domain/values/ids.ts';

/** The database keeps ids as 16-byte uuids; everything else sees them with their kind. */
export function toUuid(id: Id<IdKind>): string {
  return toUUID(id as string as TypeId<string>);
}

/** The id that a uuid column of the given kind holds. */
export function fromUuid<K extends IdKind>(kind: K, uuid: string): Id<K> {
  return fromUUID(uuid, kind) as Id<K>;
}
