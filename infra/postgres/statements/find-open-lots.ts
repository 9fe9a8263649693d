import type { Statement } from '../statement.ts';

/** Lots of some cards that still hold something. */
export const findOpenLots: Statement = {
  name: 'find-open-lots',
  text: `
    SELECT l.id, l.card_id, l.earned_at, l.expires_at, l.lapses, l.remaining
      FROM json_to_recordset($1::json) AS w (business_id uuid, card_id uuid)
     CROSS JOIN LATERAL (
             SELECT * FROM loyalty.lots l
              WHERE l.business_id = w.business_id AND l.card_id = w.card_id
                AND l.remaining > 0 OFFSET 0) l`,
};

export interface LotRow {
  id: string;
  card_id: string;
  earned_at: number;
  expires_at: number | null;
  lapses: boolean;
  remaining: number;
}
