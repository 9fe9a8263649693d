import { type Customer, nameKeys, type UniqueField } from '../../domain/customers/customer.ts';
import type { Customers } from '../../domain/customers/customers.ts';
import type { Consents } from '../../domain/values/consents.ts';
import { fromUuid, toUuid } from './ids.ts';
import type { Queryable } from './pool.ts';

interface CustomerRow {
  id: string;
  phone: string | null;
  email: string | null;
  name: string | null;
  birthday: string | null;
  locale: string | null;
  consents: Consents;
  external_ids: Record<string, string>;
  tags: string[];
  merged_into: string | null;
  erased_at: number | null;
}

const lockCustomers = {
  name: 'lock-customers',
  text: `
    SELECT c.id, c.phone, c.email, c.name, c.birthday, c.locale, c.consents, c.merged_into,
           c.erased_at,
           (SELECT coalesce(json_object_agg(x.system, x.value), '{}') FROM customer.external_ids x
             WHERE x.business_id = c.business_id AND x.customer_id = c.id) AS external_ids,
           ARRAY(SELECT t.tag FROM customer.customer_tags t
                  WHERE t.business_id = c.business_id AND t.customer_id = c.id
                  ORDER BY t.tag) AS tags
      FROM customer.customers c
     WHERE c.business_id = $1 AND c.id = ANY($2)
     ORDER BY c.id
       FOR UPDATE OF c`,
};

const findTaken = {
  name: 'find-taken-contacts',
  text: `
    SELECT 'phone' AS field FROM customer.customers
     WHERE business_id = $1 AND phone = $2 AND id IS DISTINCT FROM $5
    UNION ALL
    SELECT 'email' FROM customer.customers
     WHERE business_id = $1 AND email = $3 AND id IS DISTINCT FROM $5
    UNION ALL
    SELECT 'externalIds' FROM json_each_text($4) w
      JOIN customer.external_ids x
        ON x.business_id = $1 AND x.system = w.key AND x.value = w.value
     WHERE x.customer_id IS DISTINCT FROM $5
     LIMIT 1`,
};

const insertCustomer = {
  name: 'insert-customer',
  text: `
    INSERT INTO customer.customers (business_id, id, phone, email, name, birthday, locale, consents)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
};

const updateCustomer = {
  name: 'update-customer',
  text: `
    UPDATE customer.customers
       SET phone = $3, email = $4, name = $5, birthday = $6, locale = $7, consents = $8,
           updated_at = now()
     WHERE business_id = $1 AND id = $2`,
};

const saveNameKeys = {
  name: 'save-name-keys',
  text: `
    WITH gone AS (
      DELETE FROM customer.name_keys
       WHERE business_id = $1 AND customer_id = $2 AND NOT name_key = ANY($3))
    INSERT INTO customer.name_keys (business_id, customer_id, name_key)
    SELECT $1, $2, unnest($3::text[])
        ON CONFLICT DO NOTHING`,
};

const saveExternalIds = {
  name: 'save-external-ids',
  text: `
    WITH gone AS (
      DELETE FROM customer.external_ids
       WHERE business_id = $1 AND customer_id = $2
         AND NOT system IN (SELECT json_object_keys($3)))
    INSERT INTO customer.external_ids (business_id, customer_id, system, value)
    SELECT $1, $2, key, value FROM json_each_text($3)
        ON CONFLICT (business_id, customer_id, system) DO UPDATE SET value = excluded.value`,
};

/** The customers of a business, bound to one transaction's connection. */
export function createCustomers(client: Queryable): Customers {
  const run = (statement: { name: string; text: string }, values: unknown[]) =>
    client.query({ ...statement, values });

  async function saveKeys(
    business: string,
    id: string,
    profile: Customer['profile'],
  ): Promise<void> {
    await run(saveNameKeys, [business, id, nameKeys(profile.name)]);
    await run(saveExternalIds, [business, id, JSON.stringify(profile.externalIds)]);
  }

  const columns = ({ profile }: Pick<Customer, 'profile'>) => [
    profile.phone,
    profile.email,
    profile.name,
    profile.birthday,
    profile.locale,
    JSON.stringify(profile.consents),
  ];

  return {
    async lock(businessId, ids) {
      const values = [toUuid(businessId), ids.map(toUuid)];
      const { rows } = await client.query<CustomerRow>({ ...lockCustomers, values });
      return rows.map(toCustomer);
    },
    async findTaken(businessId, profile, except) {
      const { phone, email, externalIds } = profile;
      const { rows } = await client.query<{ field: UniqueField }>({
        ...findTaken,
        values: [
          toUuid(businessId),
          phone,
          email,
          JSON.stringify(externalIds),
          except && toUuid(except),
        ],
      });
      return rows[0]?.field;
    },
    async insert(businessId, customer) {
      const [business, id] = [toUuid(businessId), toUuid(customer.id)];
      await run(insertCustomer, [business, id, ...columns(customer)]);
      await saveKeys(business, id, customer.profile);
    },
    async save(businessId, customer) {
      const [business, id] = [toUuid(businessId), toUuid(customer.id)];
      await run(updateCustomer, [business, id, ...columns(customer)]);
      await saveKeys(business, id, customer.profile);
    },
    async addTags(businessId, id, tags) {
      const text = `
        INSERT INTO customer.customer_tags (business_id, customer_id, tag)
        SELECT $1, $2, unnest($3::text[]) ON CONFLICT DO NOTHING`;
      await run({ name: 'add-tags', text }, [toUuid(businessId), toUuid(id), tags]);
    },
    async removeTag(businessId, id, tag) {
      const text = `
        DELETE FROM customer.customer_tags
         WHERE business_id = $1 AND customer_id = $2 AND tag = $3`;
      await run({ name: 'remove-tag', text }, [toUuid(businessId), toUuid(id), tag]);
    },
  };
}

function toCustomer(row: CustomerRow): Customer {
  const { phone, email, name, birthday, locale, consents, external_ids: externalIds } = row;
  return {
    id: fromUuid('cus', row.id),
    profile: { phone, email, name, birthday, locale, consents, externalIds },
    tags: row.tags,
    mergedInto: row.merged_into === null ? null : fromUuid('cus', row.merged_into),
    erasedAt: row.erased_at,
  };
}
