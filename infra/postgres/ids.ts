/*
 * The database keeps ids as 16-byte uuids; everything else sees them with their kind. Any 128 bits will
 * do: an id that a client made up must find nothing, and not break the batch it is in.
 */
export { idOfUuid as fromUuid, uuidOfId as toUuid } from '../../domain/values/typeid.ts';
