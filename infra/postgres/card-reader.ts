import type { Pool } from 'pg';
import type { BusinessId, CardId, CustomerId, RewardId } from '../../domain/values/ids.ts';
import { type FindDocuments, fillOutcomes } from './documents.ts';
import { fromUuid, toUuid } from './ids.ts';

// A transaction may have several postings on one card; all are of one moment.
const listMovements = {
  name: 'list-card-movements',
  text: `
    SELECT t.id, t.kind, t.store_id, t.customer_id, t.occurred_at,
           CASE WHEN $6 THEN t.outcome END AS outcome, sum(
             CASE WHEN p.from_account = p.to_account THEN 0
                  WHEN p.to_account = 'card' THEN p.amount
                  WHEN p.from_account = 'card' THEN -p.amount
                  ELSE 0 END)::bigint AS change
      FROM loyalty.postings p
      JOIN loyalty.transactions t ON t.business_id = p.business_id AND t.id = p.transaction_id
     WHERE p.business_id = $1 AND p.card_id = $2
       AND ($3::timestamptz IS NULL OR (p.occurred_at, p.transaction_id) < ($3, $4::uuid))
     GROUP BY t.business_id, t.id, p.occurred_at, p.transaction_id
     ORDER BY p.occurred_at DESC, p.transaction_id DESC
     LIMIT $5`,
};

const findLastVisit = {
  name: 'find-last-visit',
  text: `
    SELECT occurred_at FROM loyalty.transactions
     WHERE business_id = $1 AND customer_id = $2 AND kind = 'purchase'
     ORDER BY occurred_at DESC LIMIT 1`,
};

interface MovementRow {
  id: string;
  kind: string;
  store_id: string | null;
  customer_id: string | null;
  occurred_at: number;
  outcome: Outcome;
  change: number;
}

type Step = { code: string; text: string };
type Outcome = { explanation?: Step[]; cards?: { cardId: string; explanation?: Step[] }[] };

/**
 * What the books say of single cards, for those who may only read.
 * @param documents where explanations lie; absent: in the books
 */
export function createCardReader(pool: Pool, documents?: FindDocuments) {
  return {
    async listMovements(
      businessId: BusinessId,
      cardId: CardId,
      page: { limit: number; after: readonly string[] | undefined },
    ) {
      const [at, id] = page.after ?? [];
      const { rows } = await pool.query<MovementRow>({
        ...listMovements,
        values: [
          toUuid(businessId),
          toUuid(cardId),
          at ?? null,
          id === undefined ? null : toUuid(id as `txn_${string}`),
          page.limit,
          documents === undefined,
        ],
      });
      const explained = await fillOutcomes(documents, businessId, rows);
      return explained.map((row) => ({
        transactionId: fromUuid('txn', row.id),
        kind: row.kind,
        storeId: row.store_id === null ? null : fromUuid('sto', row.store_id),
        occurredAt: new Date(row.occurred_at).toISOString(),
        change: row.change,
        explanation: explanationOf(row.outcome, cardId),
      }));
    },

    async findLastVisit(businessId: BusinessId, customerId: CustomerId) {
      const values = [toUuid(businessId), toUuid(customerId)];
      const { rows } = await pool.query<{ occurred_at: number }>({ ...findLastVisit, values });
      return rows[0] ? new Date(rows[0].occurred_at).toISOString() : null;
    },
  };
}

/** The code of a customer's own reward. */
export async function findOwnReward(
  pool: Pool,
  businessId: BusinessId,
  { customerId, cardId, id }: { customerId: CustomerId; cardId: CardId; id: RewardId },
): Promise<string | undefined> {
  const { rows } = await pool.query<{ code: string }>({
    name: 'find-own-reward',
    text: `SELECT r.code FROM loyalty.issued_rewards r
             JOIN loyalty.cards c ON c.business_id = r.business_id AND c.id = r.card_id
            WHERE r.business_id = $1 AND r.id = $2 AND c.id = $3 AND c.customer_id = $4`,
    values: [toUuid(businessId), toUuid(id), toUuid(cardId), toUuid(customerId)],
  });
  return rows[0]?.code;
}

/** Whose a reward is, by its code. */
export async function findRewardOwner(
  pool: Pool,
  businessId: BusinessId,
  code: string,
): Promise<CustomerId | undefined> {
  const { rows } = await pool.query<{ customer_id: string }>({
    name: 'find-reward-owner',
    text: `SELECT c.customer_id FROM loyalty.issued_rewards r
             JOIN loyalty.cards c ON c.business_id = r.business_id AND c.id = r.card_id
            WHERE r.business_id = $1 AND r.code = $2`,
    values: [toUuid(businessId), code],
  });
  return rows[0] && fromUuid('cus', rows[0].customer_id);
}

/** What was said about this card when it was booked. */
function explanationOf(outcome: Outcome, cardId: CardId): Step[] {
  const card = outcome.cards?.find((c) => c.cardId === cardId);
  const steps = card?.explanation ?? outcome.explanation ?? [];
  return steps.map(({ code, text }) => ({ code, text }));
}
