import type { BirthdayBooks } from '../../domain/rewards/birthday-books.ts';
import { fromUuid, toUuid } from './ids.ts';
import type { Queryable } from './pool.ts';

/** Who writes rewards for birthdays down. */
export const BIRTHDAYS = 'system:birthdays';

const findDefinitions = {
  name: 'find-birthday-definitions',
  text: `
    SELECT d.id, d.program_id FROM loyalty.reward_definitions d
     WHERE d.business_id = $1 AND d.status = 'live' AND d.definition ->> 'occasion' = 'birthday'
     ORDER BY d.id`,
};

// A reward moves with its card when customers are merged, so the card is what remembers.
const findCards = {
  name: 'find-birthday-cards',
  text: `
    SELECT u.id AS customer_id, c.id AS card_id, customer.month_day(u.birthday) AS month_day
      FROM customer.customers u
      JOIN loyalty.cards c
        ON c.business_id = u.business_id AND c.customer_id = u.id AND c.program_id = $2
       AND c.status = 'active'
     WHERE u.business_id = $1 AND customer.month_day(u.birthday) = ANY($4)
       AND u.erased_at IS NULL AND u.merged_into IS NULL
       AND ($5::uuid IS NULL OR u.id > $5)
       AND NOT EXISTS (
             SELECT FROM loyalty.issued_rewards r
               JOIN loyalty.transactions t
                 ON t.business_id = r.business_id AND t.id = r.transaction_id
              WHERE r.business_id = c.business_id AND r.card_id = c.id AND r.definition_id = $3
                AND r.issued_at > $6 AND t.integration = '${BIRTHDAYS}')
     ORDER BY u.id LIMIT $7`,
};

/** Birthdays, bound to one transaction's connection. */
export function createBirthdayBooks(client: Queryable): BirthdayBooks {
  return {
    async findDefinitions(businessId) {
      const { rows } = await client.query<{ id: string; program_id: string }>({
        ...findDefinitions,
        values: [toUuid(businessId)],
      });
      return rows.map((row) => ({
        id: fromUuid('rdf', row.id),
        programId: fromUuid('prg', row.program_id),
      }));
    },
    async findCards(businessId, wanted) {
      const { definitionId, programId, birthdays, givenSince, after, limit } = wanted;
      const { rows } = await client.query<{
        customer_id: string;
        card_id: string;
        month_day: number;
      }>({
        ...findCards,
        values: [
          toUuid(businessId),
          toUuid(programId),
          toUuid(definitionId),
          birthdays.map(({ monthDay }) => monthDay),
          after && toUuid(after),
          new Date(givenSince).toISOString(),
          limit,
        ],
      });
      return rows.flatMap((row) => {
        const birthday = birthdays.find(({ monthDay }) => monthDay === row.month_day);
        if (!birthday) return [];
        const customerId = fromUuid('cus', row.customer_id);
        return [{ customerId, cardId: fromUuid('crd', row.card_id), date: birthday.date }];
      });
    },
  };
}
