import { nameKeys } from '../../domain/customers/customer.ts';
import type { ImportedPerson } from '../../domain/imports/import-books.ts';
import type { Opening } from '../../domain/imports/opening-balance.ts';
import type { BusinessId } from '../../domain/values/ids.ts';
import { toIso } from '../../domain/values/time.ts';
import { idColumn, jsonColumn, textColumn } from './columns.ts';
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
  const keys = people.flatMap(({ id, profile }) =>
    nameKeys(profile.name).map((key) => ({ id, key })),
  );
  const tags = people.flatMap((person) => person.tags.map((tag) => ({ id: person.id, tag })));
  const others = people.flatMap(({ id, profile }) =>
    Object.entries(profile.externalIds).map(([system, value]) => ({ id, system, value })),
  );
  const values = [
    toUuid(businessId),
    idColumn(people.map(({ id }) => id)),
    textColumn(people.map(({ profile }) => profile.phone)),
    textColumn(people.map(({ profile }) => profile.email)),
    textColumn(people.map(({ profile }) => profile.name)),
    people.map(({ profile }) => profile.birthday),
    textColumn(people.map(({ profile }) => profile.locale)),
    people.map(({ profile }) => profile.consents),
    idColumn(keys.map(({ id }) => id)),
    textColumn(keys.map(({ key }) => key)),
    idColumn(tags.map(({ id }) => id)),
    textColumn(tags.map(({ tag }) => tag)),
    idColumn(others.map(({ id }) => id)),
    textColumn(others.map(({ system }) => system)),
    textColumn(others.map(({ value }) => value)),
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
    idColumn(openings.map(({ id }) => id)),
    textColumn(openings.map(({ externalId }) => externalId)),
    textColumn(openings.map(({ requestHash }) => requestHash)),
    openings.map(({ businessDate }) => businessDate),
    jsonColumn(openings.map(({ receipt }) => receipt)),
    jsonColumn(openings.map(({ outcome }) => outcome)),
    idColumn(cards.map(({ customerId }) => customerId)),
    idColumn(cards.map(({ id }) => id)),
    idColumn(cards.map(({ programId }) => programId)),
    textColumn(cards.map(({ code }) => code)),
    cards.map(({ balance }) => balance),
    cards.map(({ sequence }) => sequence),
    cards.map(({ versionNumber }) => versionNumber),
    cards.map(({ activeUntil }) => activeUntil && toIso(activeUntil)),
    idColumn(lots.map(({ id }) => id)),
    lots.map(({ expiresAt, lapses }) => (expiresAt === null || lapses ? null : toIso(expiresAt))),
    lots.map(({ lapses }) => lapses ?? false),
  ];
  await client.query({ ...sql.insertOpenings, values });
}
