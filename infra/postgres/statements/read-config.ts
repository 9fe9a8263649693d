import type { FraudRules } from '../../../domain/fraud/rules.ts';
import type { Statement } from '../statement.ts';

/** The revision of some businesses' set-up; one cheap look tells whether a cached copy still holds. */
export const readConfigRevisions: Statement = {
  name: 'read-config-revisions',
  text: `
    SELECT b.id, b.config_revision
      FROM json_to_recordset($1::json) AS w (id uuid)
      JOIN business.businesses b ON b.id = w.id`,
};

export interface ConfigRevisionRow {
  id: string;
  config_revision: number;
}

/** The whole set-up of some businesses: stores, and programs with all their versions. */
export const readConfigs: Statement = {
  name: 'read-configs',
  text: `
    SELECT b.id, b.config_revision, b.accept_past_days, b.accept_future_minutes,
           b.adjustment_limit,
           EXISTS (SELECT FROM loyalty.offers o
                    WHERE o.business_id = b.id AND o.status <> 'draft') AS has_offers,
           (SELECT coalesce(json_agg(json_build_object(
                     'id', s.id, 'brandId', s.brand_id, 'name', s.name, 'zone', s.zone,
                     'dayStartMinutes', s.day_start_minutes,
                     'closedAt', s.deactivated_at)), '[]')
              FROM business.stores s WHERE s.business_id = b.id) AS stores,
           (SELECT coalesce(json_agg(json_build_object(
                     'id', p.id, 'brandId', p.brand_id, 'name', p.name, 'unit', p.unit,
                     'currency', p.currency, 'zone', p.zone, 'storeIds', p.store_ids,
                     'enrolment', p.enrolment, 'pauses', p.pauses, 'fraud', p.fraud, 'versions', (
                       SELECT coalesce(json_agg(json_build_object(
                                'number', v.number, 'from', v.valid_from, 'to', v.valid_to,
                                'definition', v.definition) ORDER BY v.valid_from), '[]')
                         FROM loyalty.program_versions v
                        WHERE v.business_id = p.business_id AND v.program_id = p.id),
                     'promotions', (
                       SELECT coalesce(json_agg(json_build_object(
                                'id', m.id, 'editions', m.editions) ORDER BY m.id), '[]')
                         FROM loyalty.promotions m
                        WHERE m.business_id = p.business_id AND m.program_id = p.id
                          AND m.editions <> '[]'
                          -- What ended so long ago that no sale of its time is taken any more.
                          AND (m.status = 'live' OR m.updated_at
                                > now() - make_interval(days => b.accept_past_days + 1))))
                     ORDER BY p.id), '[]')
              FROM loyalty.programs p WHERE p.business_id = b.id) AS programs
      FROM json_to_recordset($1::json) AS w (id uuid)
      JOIN business.businesses b ON b.id = w.id`,
};

export interface ConfigRow {
  id: string;
  config_revision: number;
  accept_past_days: number;
  accept_future_minutes: number;
  adjustment_limit: number | null;
  /** Whether any offer was ever given: one that has ended may still be open for somebody. */
  has_offers: boolean;
  stores: {
    id: string;
    brandId: string;
    name: string;
    zone: string;
    dayStartMinutes: number;
    closedAt: string | null;
  }[];
  programs: {
    id: string;
    brandId: string;
    name: string;
    unit: 'stamp' | 'point';
    currency: string;
    zone: string;
    storeIds: string[] | null;
    enrolment: 'automatic' | 'by-request';
    pauses: { from: number; to: number | null }[];
    fraud: FraudRules | null;
    versions: { number: number; from: string; to: string | null; definition: unknown }[];
    promotions: { id: string; editions: unknown[] }[];
  }[];
}
