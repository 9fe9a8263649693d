import type { BusinessId, CardId } from '../../domain/values/ids.ts';
import { toIso } from '../../domain/values/time.ts';
import { fromUuid, toUuid } from './ids.ts';
import type { Queryable } from './pool.ts';

interface DifferenceRow {
  card_id: string;
  rule: string;
  expected: number;
  found: number;
  first_found_at: number;
  last_found_at: number;
  is_open: boolean;
}

/** What the verifier found, for those who may only read. */
export function createLedgerReader(pool: Queryable) {
  return {
    async lastCheck(businessId: BusinessId) {
      const { rows } = await pool.query<{
        started_at: number;
        finished_at: number;
        cards: number;
        differences: number;
      }>({
        name: 'last-ledger-check',
        text: `SELECT started_at, finished_at, cards, differences FROM loyalty.ledger_checks
                WHERE business_id = $1`,
        values: [toUuid(businessId)],
      });
      const [row] = rows;
      if (!row) return undefined;
      const { started_at, finished_at, ...counted } = row;
      return { startedAt: toIso(started_at), finishedAt: toIso(finished_at), ...counted };
    },

    async differences(
      businessId: BusinessId,
      { limit, after }: { limit: number; after: readonly string[] | undefined },
    ) {
      const [cardId, rule] = after ?? [];
      const { rows } = await pool.query<DifferenceRow>({
        name: 'list-ledger-differences',
        text: `SELECT d.card_id, d.rule, d.expected, d.found, d.first_found_at, d.last_found_at,
                      d.last_found_at >= coalesce(c.started_at, d.last_found_at) AS is_open
                 FROM loyalty.ledger_differences d
                 LEFT JOIN loyalty.ledger_checks c ON c.business_id = d.business_id
                WHERE d.business_id = $1
                  AND ($2::uuid IS NULL OR (d.card_id, d.rule) > ($2, $3))
                ORDER BY d.card_id, d.rule LIMIT $4`,
        values: [
          toUuid(businessId),
          cardId === undefined ? null : toUuid(cardId as CardId),
          rule ?? null,
          limit,
        ],
      });
      return rows.map((row) => ({
        cardId: fromUuid('crd', row.card_id),
        rule: row.rule,
        expected: row.expected,
        found: row.found,
        firstFoundAt: toIso(row.first_found_at),
        lastFoundAt: toIso(row.last_found_at),
        isOpen: row.is_open,
      }));
    },
  };
}
