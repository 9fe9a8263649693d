import { Client } from 'pg';
import type { BusinessId } from '../../../domain/values/ids.ts';
import { idSource } from '../../ids/id-source.ts';
import { toUuid } from '../../postgres/ids.ts';
import { findOrAddPerson } from '../cognito/people.ts';
import { customersPool, staffPool } from '../cognito/pools.ts';

/** Somebody to sign in as. */
export type DemoPerson = {
  readonly role: 'owner' | 'manager' | 'cashier' | 'customer';
  readonly email: string;
  readonly password: string;
};

/** On a machine of one's own with a stand-in for Cognito there is nothing for it to guard. */
const password = 'let me in, please';

const people: readonly DemoPerson[] = [
  { role: 'owner', email: 'owner@lantern.example', password },
  { role: 'manager', email: 'manager@lantern.example', password },
  { role: 'cashier', email: 'cashier@lantern.example', password },
  { role: 'customer', email: 'first-guest@lantern.example', password },
  { role: 'customer', email: 'second-guest@lantern.example', password },
];

/**
 * Makes the people who can sign in, staff and customers, unless an earlier start has.
 *
 * @param options.cardIds the customers' cards, in the order of the customers
 */
export async function seedPeople(options: {
  readonly ownerUrl: string;
  readonly cognitoUrl: string;
  readonly businessId: BusinessId;
  readonly cardIds: readonly string[];
}): Promise<readonly DemoPerson[]> {
  const client = new Client({ connectionString: options.ownerUrl });
  await client.connect();
  try {
    let customers = 0;
    for (const person of people) {
      const pool = person.role === 'customer' ? customersPool : staffPool;
      const subject = await findOrAddPerson(options.cognitoUrl, { ...person, pool });
      const business = toUuid(options.businessId);
      if (person.role !== 'customer') await addStaff(client, { business, subject, ...person });
      else {
        const cardId = options.cardIds[customers] ?? 'crd_';
        await addCustomer(client, { business, subject, email: person.email, cardId });
        customers += 1;
      }
    }
    return people;
  } finally {
    await client.end();
  }
}

async function addStaff(
  client: Client,
  of: { business: string; subject: string; role: string; email: string },
): Promise<void> {
  const { rowCount } = await client.query(
    `UPDATE business.staff SET subject = $3
      WHERE business_id = $1 AND email = $2 AND removed_at IS NULL`,
    [of.business, of.email, of.subject],
  );
  if (rowCount !== 0) return;
  await client.query(
    `INSERT INTO business.staff (business_id, id, subject, name, email, role)
     VALUES ($1, $2, $3, $4, $5, $4)`,
    [of.business, toUuid(idSource.id('stf')), of.subject, of.role, of.email],
  );
}

/** Whoever holds the card signs in with this address from now on. */
async function addCustomer(
  client: Client,
  of: { business: string; subject: string; email: string; cardId: string },
): Promise<void> {
  const card = toUuid(of.cardId as `crd_${string}`);
  await client.query(
    `UPDATE customer.customers SET email = $3
      WHERE business_id = $1
        AND id = (SELECT customer_id FROM loyalty.cards WHERE business_id = $1 AND id = $2)`,
    [of.business, card, of.email],
  );
  await client.query(
    `INSERT INTO customer.identities (business_id, subject, customer_id)
     SELECT business_id, $3, customer_id FROM loyalty.cards WHERE business_id = $1 AND id = $2
         ON CONFLICT (business_id, subject) DO NOTHING`,
    [of.business, card, of.subject],
  );
}
