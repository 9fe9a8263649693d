import { nameKeys } from '../../domain/customers/customer.ts';
import type { ImportedPerson } from '../../domain/imports/import-books.ts';
import type { Opening } from '../../domain/imports/opening-balance.ts';
import type { BusinessId } from '../../domain/values/ids.ts';
import { toIso } from '../../domain/values/time.ts';
import { toUuid } from './ids.ts';
import type { Queryable } from './pool.ts';
import * as sql from './statements/newcomers.ts';
import { touch } from './touched.ts';

/** Writes people whom an import brings, some hundreds at once. */
export async function insertPeople(
  client: Queryable,
  businessId: BusinessId,
  people: readonly ImportedPerson[],
): Promise<void> {
  if (people.length === 0) return;
  const all = people.map(({ id, profile, tags }) => ({ id: toUuid(id), ...profile, tags }));
  const keys = all.flatMap(({ id, name }) => nameKeys(name).map((key) => ({ id, key })));
  const tags = all.flatMap(({ id, tags }) => tags.map((tag) => ({ id, tag })));
  const others = all.flatMap(({ id, externalIds }) =>
    Object.entries(externalIds).map(([system, value]) => ({ id, system, value })),
  );
  const values = [
    toUuid(businessId),
    all.map(({ id }) => id),
    all.map(({ phone }) => phone),
    all.map(({ email }) => email),
    all.map(({ name }) => name),
    all.map(({ birthday }) => birthday),
    all.map(({ locale }) => locale),
    all.map(({ consents }) => consents),
    keys.map(({ id }) => id),
    keys.map(({ key }) => key),
    tags.map(({ id }) => id),
    tags.map(({ tag }) => tag),
    others.map(({ id }) => id),
    others.map(({ system }) => system),
    others.map(({ value }) => value),
  ];
  await client.query({ ...sql.insertPeople, values });
}

/** Writes what people bring along, with the cards that it opens, some hundreds at once. */
export async function insertOpenings(
  client: Queryable,
  businessId: BusinessId,
  openings: readonly Opening[],
): Promise<void> {
  const [first] = openings;
  if (!first) return;
  const cards = openings.map((opening) => opening.cards[0].card);
  const lots = openings.map((opening) => opening.cards[0].newLots[0]);
  touch(
    client,
    businessId,
    cards.map((card) => ({ card })),
  );
  const values = [
    toUuid(businessId),
    toIso(first.occurredAt),
    openings.map(({ id }) => toUuid(id)),
    openings.map(({ externalId }) => externalId),
    openings.map(({ requestHash }) => requestHash),
    openings.map(({ businessDate }) => businessDate),
    openings.map(({ receipt }) => receipt),
    openings.map(({ outcome }) => outcome),
    cards.map(({ customerId }) => toUuid(customerId)),
    cards.map(({ id }) => toUuid(id)),
    cards.map(({ programId }) => toUuid(programId)),
    cards.map(({ code }) => code),
    cards.map(({ balance }) => balance),
    cards.map(({ sequence }) => sequence),
    cards.map(({ versionNumber }) => versionNumber),
    cards.map(({ activeUntil }) => activeUntil && toIso(activeUntil)),
    lots.map(({ id }) => toUuid(id)),
    lots.map(({ expiresAt, lapses }) => (expiresAt === null || lapses ? null : toIso(expiresAt))),
    lots.map(({ lapses }) => lapses ?? false),
  ];
  await client.query({ ...sql.insertOpenings, values });
}
