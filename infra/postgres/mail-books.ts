import type { Pool } from 'pg';
import type { BrandLook, MailBooks, MailedStaff, MailKey } from '../../domain/mail/mail-books.ts';
import type { Consents } from '../../domain/values/consents.ts';
import type { BusinessId } from '../../domain/values/ids.ts';
import type { StaffMail } from '../../domain/values/mail-kinds.ts';
import type { Unit } from '../../domain/values/units.ts';
import { toIso } from '../../domain/values/time.ts';
import { fromUuid, toUuid } from './ids.ts';

const claim = {
  name: 'claim-mail',
  text: `
    INSERT INTO business.mails AS m (business_id, event_id, recipient_id, kind, status, claimed_at)
    VALUES ($1, $2, $3, $4, 'sending', $5)
    ON CONFLICT (business_id, event_id, recipient_id) DO UPDATE SET claimed_at = $5
     WHERE m.status = 'sending' AND m.claimed_at < $6
    RETURNING 1`,
};

const isUnderWay = {
  name: 'is-mail-under-way',
  text: `
    SELECT FROM business.mails
     WHERE business_id = $1 AND event_id = $2 AND recipient_id = $3 AND status = 'sending'`,
};

// A bounce may be heard of before our own note that it was sent.
const end = {
  name: 'end-mail',
  text: `
    UPDATE business.mails SET status = $4, reason = $5, finished_at = $6
     WHERE business_id = $1 AND event_id = $2 AND recipient_id = $3
       AND (status = 'sending' OR $4 IN ('bounced', 'complained'))`,
};

const release = {
  name: 'release-mail',
  text: `
    UPDATE business.mails SET claimed_at = '-infinity'
     WHERE business_id = $1 AND event_id = $2 AND recipient_id = $3 AND status = 'sending'`,
};

const findCustomer = {
  name: 'mail-customer',
  text: `
    SELECT c.name, c.email, c.locale, c.consents
      FROM customer.customers named
      JOIN customer.customers c
        ON c.business_id = named.business_id AND c.id = coalesce(named.merged_into, named.id)
     WHERE named.business_id = $1 AND named.id = $2 AND c.erased_at IS NULL`,
};

const staffColumns =
  's.id, s.name, s.email, s.role, s.mail_refusals, s.subject IS NOT NULL AS accepted';
const findStaff = {
  name: 'mail-staff',
  text: `
    SELECT ${staffColumns} FROM business.staff s
     WHERE s.business_id = $1 AND s.id = $2 AND s.removed_at IS NULL`,
};
const listOwners = {
  name: 'mail-owners',
  text: `
    SELECT ${staffColumns} FROM business.staff s
     WHERE s.business_id = $1 AND s.role = 'owner' AND s.removed_at IS NULL
       AND s.subject IS NOT NULL
     ORDER BY s.id`,
};

const findBrand = {
  name: 'mail-brand',
  text: `
    SELECT b.name, b.colour, b.logo FROM business.brands b
     WHERE b.business_id = $1
     ORDER BY b.id = (SELECT s.brand_id FROM business.stores s
                       WHERE s.business_id = $1 AND s.id = $2) DESC NULLS LAST, b.id
     LIMIT 1`,
};

const findProgram = {
  name: 'mail-program',
  text: `
    SELECT p.unit, p.currency, p.zone, b.name, b.colour, b.logo
      FROM loyalty.programs p
      JOIN business.brands b ON b.business_id = p.business_id AND b.id = p.brand_id
     WHERE p.business_id = $1 AND p.id = $2`,
};

interface StaffRow {
  id: string;
  name: string;
  email: string | null;
  role: MailedStaff['role'];
  mail_refusals: StaffMail[];
  accepted: boolean;
}

/** What mail is made of, as the role that sends it may see it. */
export function createMailBooks(pool: Pool): MailBooks {
  async function rows<Row extends object>(
    statement: { name: string; text: string },
    values: readonly unknown[],
  ): Promise<Row[]> {
    return (await pool.query<Row>({ ...statement, values: [...values] })).rows;
  }
  const inOwn = <Row extends object>(
    statement: { name: string; text: string },
    businessId: BusinessId,
    ...values: readonly unknown[]
  ) => rows<Row>(statement, [toUuid(businessId), ...values]);

  return {
    async claim({ kind, ...mail }, { now, abandonedBefore }) {
      const times = [now, abandonedBefore].map(toIso);
      const ours = await rows(claim, [...keyOf(mail), kind, ...times]);
      if (ours.length > 0) return 'ours';
      return (await rows(isUnderWay, keyOf(mail))).length > 0 ? 'under-way' : 'ended';
    },
    async end(mail, { status, reason, at }) {
      await rows(end, [...keyOf(mail), status, reason ?? null, toIso(at)]);
    },
    async release(mail) {
      await rows(release, keyOf(mail));
    },
    async findCustomer(businessId, id) {
      type Row = { name: string; email: string; locale: string; consents: Consents };
      return (await inOwn<Row>(findCustomer, businessId, toUuid(id)))[0];
    },
    async findStaff(businessId, id) {
      return (await inOwn<StaffRow>(findStaff, businessId, toUuid(id))).map(toStaff)[0];
    },
    async listOwners(businessId) {
      return (await inOwn<StaffRow>(listOwners, businessId)).map(toStaff);
    },
    async findBusiness(businessId) {
      const business = {
        name: 'mail-business',
        text: 'SELECT name, zone, locale FROM business.businesses WHERE id = $1',
      };
      type Row = { name: string; zone: string; locale: string };
      return (await inOwn<Row>(business, businessId))[0];
    },
    async findProgram(businessId, id) {
      type Row = { unit: Unit; currency: string; zone: string } & BrandLook;
      const [row] = await inOwn<Row>(findProgram, businessId, toUuid(id));
      if (!row) return undefined;
      const { unit, currency, zone, ...brand } = row;
      return { unit, currency, zone, brand };
    },
    async findBrand(businessId, storeId) {
      return (await inOwn<BrandLook>(findBrand, businessId, storeId && toUuid(storeId)))[0];
    },
    async findReward(businessId, id) {
      const reward = {
        name: 'mail-reward',
        text: `
          SELECT status = 'available' AS "isAvailable", replaces IS NOT NULL AS "isReplacement"
            FROM loyalty.issued_rewards WHERE business_id = $1 AND id = $2`,
      };
      type Row = { isAvailable: boolean; isReplacement: boolean };
      return (await inOwn<Row>(reward, businessId, toUuid(id)))[0];
    },
    async findWeeklyReport(businessId, from) {
      const report = {
        name: 'mail-report',
        text: 'SELECT id FROM business.reports WHERE business_id = $1 AND week = $2',
      };
      const [row] = await inOwn<{ id: string }>(report, businessId, from);
      return row && fromUuid('job', row.id);
    },
    async isUnreachable(addressHash) {
      const text = 'SELECT FROM customer.unreachable_addresses WHERE address_hash = $1';
      return (await rows({ name: 'is-unreachable', text }, [addressHash])).length > 0;
    },
    async noteUnreachable(addressHash, reason) {
      const text = `
        INSERT INTO customer.unreachable_addresses (address_hash, reason) VALUES ($1, $2)
        ON CONFLICT DO NOTHING`;
      await rows({ name: 'note-unreachable', text }, [addressHash, reason]);
    },
  };
}

function keyOf({ businessId, eventId, recipientId }: MailKey): string[] {
  return [businessId, eventId, recipientId].map(toUuid);
}

function toStaff({ id, name, email, role, mail_refusals, accepted }: StaffRow): MailedStaff {
  return {
    id: fromUuid('stf', id),
    name,
    email,
    role,
    refusals: mail_refusals,
    hasAccepted: accepted,
  };
}
