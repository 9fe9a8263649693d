import type { Identities } from '../../domain/members/identities.ts';
import { fromUuid, toUuid } from './ids.ts';
import type { Queryable } from './pool.ts';

const acceptInvitation = {
  name: 'accept-invitation',
  text: `
    UPDATE business.staff SET subject = $3, revision = revision + 1, updated_at = now()
     WHERE business_id = $1 AND id = $2 AND removed_at IS NULL AND subject IS NULL
       AND NOT EXISTS (SELECT FROM business.staff
                        WHERE business_id = $1 AND subject = $3 AND removed_at IS NULL)`,
};

const findCustomer = {
  name: 'find-identity',
  text: `
    SELECT coalesce(c.merged_into, c.id) AS id
      FROM customer.identities i
      JOIN customer.customers c ON c.business_id = i.business_id AND c.id = i.customer_id
     WHERE i.business_id = $1 AND i.subject = $2 AND c.erased_at IS NULL`,
};

const findByContact = {
  name: 'find-by-proven-contact',
  text: `
    SELECT id FROM (
      SELECT 1 AS rank, coalesce(merged_into, id) AS id FROM customer.customers
       WHERE business_id = $1 AND email = $2 AND erased_at IS NULL
      UNION ALL
      SELECT 2, coalesce(merged_into, id) FROM customer.customers
       WHERE business_id = $1 AND phone = $3 AND erased_at IS NULL) found
     ORDER BY rank`,
};

const link = {
  name: 'link-identity',
  text: `
    INSERT INTO customer.identities (business_id, subject, customer_id) VALUES ($1, $2, $3)
        ON CONFLICT (business_id, subject)
        DO UPDATE SET customer_id = excluded.customer_id, linked_at = now()`,
};

/** Who signs in as whom, bound to one transaction's connection. */
export function createIdentities(client: Queryable): Identities {
  return {
    async acceptInvitation(businessId, id, subject) {
      const values = [toUuid(businessId), toUuid(id), subject];
      const { rowCount } = await client.query({ ...acceptInvitation, values });
      return rowCount === 1;
    },
    async findCustomer(businessId, subject) {
      const values = [toUuid(businessId), subject];
      const { rows } = await client.query<{ id: string }>({ ...findCustomer, values });
      return rows[0] && fromUuid('cus', rows[0].id);
    },
    async findByContact(businessId, { email, phone }) {
      const values = [toUuid(businessId), email, phone];
      const { rows } = await client.query<{ id: string }>({ ...findByContact, values });
      return rows.map(({ id }) => fromUuid('cus', id));
    },
    async link(businessId, subject, customerId) {
      const values = [toUuid(businessId), subject, toUuid(customerId)];
      await client.query({ ...link, values });
    },
  };
}
