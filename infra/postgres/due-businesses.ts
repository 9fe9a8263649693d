import type { Pool } from 'pg';
import type { BusinessId } from '../../domain/values/ids.ts';
import type { Instant } from '../../domain/values/time.ts';
import { fromUuid, toUuid } from './ids.ts';
import { inBusinesses } from './tenant.ts';

/** What a business must have for a command to be worth sending; `$1`: what is due by then. */
const conditions: Readonly<Record<string, string>> = {
  'expire-lots': `
    EXISTS (SELECT FROM loyalty.lots l
             WHERE l.business_id = b.id AND l.remaining > 0 AND l.expires_at <= $1)
    OR EXISTS (SELECT FROM loyalty.cards c
                WHERE c.business_id = b.id AND c.active_until <= $1)`,
  'expire-rewards': `
    EXISTS (SELECT FROM loyalty.issued_rewards r
             WHERE r.business_id = b.id AND r.status IN ('available', 'reserved')
               AND r.expires_at <= $1)`,
  'release-reservations': `
    EXISTS (SELECT FROM loyalty.issued_rewards r
             WHERE r.business_id = b.id AND r.status = 'reserved' AND r.reserved_until <= $1)`,
  'expire-waiting-refunds': `
    EXISTS (SELECT FROM loyalty.waiting_refunds w
             WHERE w.business_id = b.id
               AND w.due_at <= $1)`,
  // From two weeks before a period ends there may be a notice to give.
  'end-tier-periods': `
    EXISTS (SELECT FROM loyalty.card_tiers t
             WHERE t.business_id = b.id AND t.is_current AND t.level IS NOT NULL
               AND t.until <= $1 + interval '14 days')`,
  'give-birthday-rewards': `
    EXISTS (SELECT FROM loyalty.reward_definitions d
             WHERE d.business_id = b.id AND d.status = 'live'
               AND d.definition ->> 'occasion' = 'birthday')`,
  'forget-webhook-deliveries': `
    EXISTS (SELECT FROM business.webhook_deliveries d
             WHERE d.business_id = b.id AND d.created_at < $1)`,
  'forget-mails': `
    EXISTS (SELECT FROM business.mails m WHERE m.business_id = b.id AND m.claimed_at < $1)
    OR EXISTS (SELECT FROM loyalty.announcements a
                WHERE a.business_id = b.id AND a.announced_at < $1)`,
  // What has been told already still counts here; the command leaves it out.
  'announce-expiries': `
    EXISTS (SELECT FROM loyalty.lots l
             WHERE l.business_id = b.id AND l.remaining > 0
               AND l.expires_at > $1 + interval '11 days' AND l.expires_at <= $1 + interval '14 days')
    OR EXISTS (SELECT FROM loyalty.cards c
                WHERE c.business_id = b.id AND c.active_until > $1 + interval '11 days'
                  AND c.active_until <= $1 + interval '14 days')
    OR EXISTS (SELECT FROM loyalty.issued_rewards r
                WHERE r.business_id = b.id AND r.status IN ('available', 'reserved')
                  AND r.expires_at > $1 + interval '11 days'
                  AND r.expires_at <= $1 + interval '14 days')`,
  // From seven on Monday morning, where the business is, until that week has been reported.
  'report-week': `
    $1 AT TIME ZONE b.zone >= date_trunc('week', $1 AT TIME ZONE b.zone) + interval '7 hours'
    AND b.created_at < date_trunc('week', $1 AT TIME ZONE b.zone) AT TIME ZONE b.zone
    AND NOT EXISTS (SELECT FROM loyalty.announcements a
                     WHERE a.business_id = b.id AND a.kind = 'week'
                       AND a.key = (date_trunc('week', $1 AT TIME ZONE b.zone)
                                    - interval '7 days')::date::text)`,
  // From six on Monday morning, when a weekend's late sales have come; once, and where anything was sold.
  'make-weekly-report': `
    ($1 AT TIME ZONE b.zone) >= date_trunc('week', $1 AT TIME ZONE b.zone) + interval '6 hours'
    AND EXISTS (SELECT FROM analytics.store_hours h
                 WHERE h.business_id = b.id
                   AND h.business_date >= date_trunc('week', $1 AT TIME ZONE b.zone)::date - 7
                   AND h.business_date < date_trunc('week', $1 AT TIME ZONE b.zone)::date)
    AND NOT EXISTS (SELECT FROM business.reports r
                     WHERE r.business_id = b.id
                       AND r.week = date_trunc('week', $1 AT TIME ZONE b.zone)::date - 7)`,
  'verify-ledger': 'EXISTS (SELECT FROM loyalty.cards c WHERE c.business_id = b.id)',
};

/** Businesses that are looked into at once. */
const PAGE = 200;
const FIRST_ID = '00000000-0000-0000-0000-000000000000';

/** The businesses in which a schedule has work: for each a probe of an index. */
export function createDueBusinesses(pool: Pool) {
  return async (command: string, at: Instant): Promise<BusinessId[]> => {
    const condition = conditions[command];
    if (condition === undefined) throw new Error(`nobody knows where ${command} has work`);
    const due: BusinessId[] = [];
    let after: string | undefined = FIRST_ID;
    while (after !== undefined) {
      const page = await listFrom(after);
      due.push(...(await inBusinesses(page, () => findDue(condition, at))));
      const last = page.at(-1);
      after = last && page.length === PAGE ? toUuid(last) : undefined;
    }
    return due;
  };

  async function listFrom(after: string): Promise<BusinessId[]> {
    const { rows } = await pool.query<{ id: string }>(
      'SELECT id FROM app.list_businesses($1, $2) AS id',
      [after, PAGE],
    );
    return rows.map((row) => fromUuid('biz', row.id));
  }

  async function findDue(condition: string, at: Instant): Promise<BusinessId[]> {
    const { rows } = await pool.query<{ id: string }>(
      `SELECT b.id FROM business.businesses b 
        WHERE $1::timestamptz IS NOT NULL AND (${condition}) ORDER BY b.id`,
      [new Date(at).toISOString()],
    );
    return rows.map((row) => fromUuid('biz', row.id));
  }
}
