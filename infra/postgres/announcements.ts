import type { Announcements, CardExpiry } from '../../domain/mail/announcements.ts';
import type { BusinessId } from '../../domain/values/ids.ts';
import { ledgerUnitsPerWhole, type Unit } from '../../domain/values/units.ts';
import { fromUuid, toUuid } from './ids.ts';
import type { Queryable } from './pool.ts';

interface ExpiringRow {
  card_id: string;
  program_id: string;
  customer_id: string;
  unit: Unit;
  day: string;
  amount: number;
  rewards: { id: string; name: string }[];
}

/** `$1` business, `$2` and `$3` from when and until when, `$4` how many, `$5` micro-points in a point. */
const findExpiring = {
  name: 'find-expiring',
  text: `
    WITH ending AS (
      SELECT l.card_id, l.expires_at AS ends_at, l.remaining AS amount,
             NULL::uuid AS reward_id, NULL::text AS name
        FROM loyalty.lots l
       WHERE l.business_id = $1 AND l.remaining > 0
         AND l.expires_at > $2 AND l.expires_at <= $3
         AND l.earned_at <= l.expires_at - interval '14 days'
      UNION ALL
      SELECT c.id, c.active_until, l.remaining, NULL, NULL
        FROM loyalty.cards c
        JOIN loyalty.lots l
          ON l.business_id = c.business_id AND l.card_id = c.id AND l.remaining > 0 AND l.lapses
       WHERE c.business_id = $1 AND c.active_until > $2 AND c.active_until <= $3
         AND l.earned_at <= c.active_until - interval '14 days'
      UNION ALL
      SELECT r.card_id, r.expires_at, 0, r.id, r.name
        FROM loyalty.issued_rewards r
       WHERE r.business_id = $1 AND r.status IN ('available', 'reserved')
         AND r.expires_at > $2 AND r.expires_at <= $3
         AND r.issued_at <= r.expires_at - interval '14 days'
    ), by_day AS (
      SELECT e.card_id, c.program_id, c.customer_id, p.unit,
             to_char(e.ends_at AT TIME ZONE p.zone, 'YYYY-MM-DD') AS day,
             sum(e.amount)::bigint AS amount,
             coalesce(json_agg(json_build_object('id', e.reward_id, 'name', e.name)
                               ORDER BY e.reward_id)
                      FILTER (WHERE e.reward_id IS NOT NULL), '[]') AS rewards
        FROM ending e
        JOIN loyalty.cards c
          ON c.business_id = $1 AND c.id = e.card_id AND c.status = 'active'
        JOIN loyalty.programs p ON p.business_id = $1 AND p.id = c.program_id
       GROUP BY 1, 2, 3, 4, 5
    )
    SELECT * FROM by_day d
     WHERE (d.amount >= CASE d.unit WHEN 'stamp' THEN 1 ELSE $5::bigint END
            OR json_array_length(d.rewards) > 0)
       AND NOT EXISTS (SELECT FROM loyalty.announcements a
                        WHERE a.business_id = $1 AND a.kind = 'expiry'
                          AND a.key = d.card_id || '/' || d.day)
     ORDER BY d.card_id, d.day LIMIT $4`,
};

const claim = {
  name: 'claim-announcements',
  text: `
    INSERT INTO loyalty.announcements (business_id, kind, key)
    SELECT $1, $2, key FROM unnest($3::text[]) AS key ORDER BY key
    ON CONFLICT DO NOTHING RETURNING key`,
};

const forgetMails = {
  name: 'forget-mails',
  text: `
    DELETE FROM business.mails WHERE ctid = ANY (ARRAY(
      SELECT ctid FROM business.mails WHERE business_id = $1 AND claimed_at < $2 LIMIT $3))`,
};
const forgetAnnouncements = {
  name: 'forget-announcements',
  text: `
    DELETE FROM loyalty.announcements WHERE ctid = ANY (ARRAY(
      SELECT ctid FROM loyalty.announcements WHERE business_id = $1 AND announced_at < $2 LIMIT $3))`,
};

/** Announcements, bound to one transaction's connection. */
export function createAnnouncements(client: Queryable): Announcements {
  return {
    async findExpiring(businessId, { from, to, limit }) {
      const times = [from, to].map((at) => new Date(at).toISOString());
      const values = [toUuid(businessId), ...times, limit, ledgerUnitsPerWhole('point')];
      const { rows } = await client.query<ExpiringRow>({ ...findExpiring, values });
      return rows.map(toExpiry);
    },
    async claimExpiries(businessId, ends) {
      const claimed = await claimAll(businessId, 'expiry', ends.map(keyOf));
      return ends.filter((end) => claimed.has(keyOf(end)));
    },
    async zoneOf(businessId) {
      const { rows } = await client.query<{ zone: string }>(
        'SELECT zone FROM business.businesses WHERE id = $1',
        [toUuid(businessId)],
      );
      return rows[0]?.zone;
    },
    async claimWeek(businessId, from) {
      return (await claimAll(businessId, 'week', [from])).has(from);
    },
    async forget(businessId, before, limit) {
      const values = [toUuid(businessId), new Date(before).toISOString(), limit];
      const mails = await client.query({ ...forgetMails, values });
      const announcements = await client.query({ ...forgetAnnouncements, values });
      return Math.max(mails.rowCount ?? 0, announcements.rowCount ?? 0);
    },
  };

  async function claimAll(businessId: BusinessId, kind: string, keys: readonly string[]) {
    const values = [toUuid(businessId), kind, keys];
    const { rows } = await client.query<{ key: string }>({ ...claim, values });
    return new Set(rows.map((row) => row.key));
  }
}

/** The statement above makes it too. */
function keyOf({ cardId, day }: CardExpiry): string {
  return `${toUuid(cardId)}/${day}`;
}

function toExpiry(row: ExpiringRow): CardExpiry {
  return {
    cardId: fromUuid('crd', row.card_id),
    programId: fromUuid('prg', row.program_id),
    customerId: fromUuid('cus', row.customer_id),
    unit: row.unit,
    day: row.day,
    amount: row.amount,
    rewards: row.rewards.map(({ id, name }) => ({ rewardId: fromUuid('rwd', id), name })),
  };
}
