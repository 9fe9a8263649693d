import { z } from 'zod';
import type { BusinessConfig } from '../../domain/earning/decide-purchase.ts';
import type { Program, ProgramVersion } from '../../domain/programs/program.ts';
import { compilePromotions } from '../../domain/promotions/promotion.ts';
import type { BusinessId } from '../../domain/values/ids.ts';
import { versionDefinitionSchema } from '../../queues/version-definition.ts';
import { fromUuid, toUuid } from './ids.ts';
import type { Queryable } from './pool.ts';
import { runStatement } from './statement.ts';
import {
  type ConfigRevisionRow,
  type ConfigRow,
  readConfigRevisions,
  readConfigs,
} from './statements/read-config.ts';
import { parseEdition } from './promotion-definition.ts';

/** The set-ups of a batch's businesses. */
export type Configs = ReadonlyMap<BusinessId, BusinessConfig>;

interface CachedConfig {
  revision: number;
  config: BusinessConfig;
}

const MAX_BUSINESSES = 2_000;

/**
 * Set-ups of businesses, parsed once per revision. Each batch asks for the revisions inside its own
 * transaction, so a purchase is never judged by a set-up older than its commit.
 */
export function createConfigCache() {
  const cached = new Map<BusinessId, CachedConfig>();

  return async function loadConfigs(
    client: Queryable,
    businessIds: readonly BusinessId[],
  ): Promise<Map<BusinessId, BusinessConfig>> {
    const wanted = [...new Set(businessIds)];
    const revisions = await runStatement<ConfigRevisionRow>(
      client,
      readConfigRevisions,
      wanted.map((id) => ({ id: toUuid(id) })),
    );
    const stale = revisions.filter(
      (row) => cached.get(fromUuid('biz', row.id))?.revision !== row.config_revision,
    );
    const rows = await runStatement<ConfigRow>(
      client,
      readConfigs,
      stale.map((row) => ({ id: row.id })),
    );
    if (cached.size + rows.length > MAX_BUSINESSES) cached.clear();
    const loaded = new Map<BusinessId, BusinessConfig>();
    for (const row of rows) {
      const entry = { revision: row.config_revision, config: parseConfig(row) };
      cached.set(entry.config.business.id, entry);
      loaded.set(entry.config.business.id, entry.config);
    }
    for (const row of revisions) {
      const id = fromUuid('biz', row.id);
      const config = loaded.get(id) ?? cached.get(id)?.config;
      if (config) loaded.set(id, config);
    }
    return loaded;
  };
}

function parseConfig(row: ConfigRow): BusinessConfig {
  return {
    business: {
      id: fromUuid('biz', row.id),
      acceptPastDays: row.accept_past_days,
      acceptFutureMinutes: row.accept_future_minutes,
      adjustmentLimit: row.adjustment_limit,
    },
    stores: row.stores.map((store) => ({
      id: fromUuid('sto', store.id),
      brandId: fromUuid('brd', store.brandId),
      name: store.name,
      zone: store.zone,
      dayStartMinutes: store.dayStartMinutes,
      closedAt: store.closedAt === null ? null : Date.parse(store.closedAt),
    })),
    programs: row.programs.map(parseProgram),
    hasOffers: row.has_offers,
  };
}

function parseProgram(row: ConfigRow['programs'][number]): Program {
  return {
    id: fromUuid('prg', row.id),
    brandId: fromUuid('brd', row.brandId),
    name: row.name,
    unit: row.unit,
    currency: row.currency,
    zone: row.zone,
    storeIds: row.storeIds?.map((id) => fromUuid('sto', id)) ?? null,
    enrolment: row.enrolment,
    versions: row.versions.map(parseVersion),
    pauses: row.pauses,
    fraud: row.fraud,
    promotions: compilePromotions(
      row.promotions.map(({ id, editions }) => ({
        id: fromUuid('prm', id),
        editions: editions.map(parseEdition),
      })),
      row.unit,
    ),
  };
}

function parseVersion(row: ConfigRow['programs'][number]['versions'][number]): ProgramVersion {
  const definition = z.parse(versionDefinitionSchema, row.definition);
  return {
    ...definition,
    expiry: definition.expiry ?? { kind: 'none' },
    number: row.number,
    from: Date.parse(row.from),
    to: row.to === null ? null : Date.parse(row.to),
  };
}
