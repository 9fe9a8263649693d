import type { PoolClient } from 'pg';
import type {
  ApiKeyFields,
  BrandFields,
  BusinessFields,
  OfferFields,
  ProgramFields,
  ProgramVersions,
  Setup,
  StaffFields,
  StoreFields,
} from '../../domain/tenancy/setup.ts';
import type { WebhookEndpointFields } from '../../domain/webhooks/endpoint.ts';
import { toUuid } from './ids.ts';
import {
  createRecords,
  hexBytes,
  idOf,
  idsOf,
  instant,
  plain,
  raiseConfigRevision,
  type RecordTable,
} from './records.ts';
import { rewardDefinitions } from './reward-definition-records.ts';

const businesses: RecordTable<BusinessFields> = {
  name: 'business.businesses',
  tenantColumn: 'id',
  columns: {
    name: plain,
    zone: plain,
    defaultCurrency: plain,
    acceptPastDays: plain,
    acceptFutureMinutes: plain,
    refundWaitDays: plain,
    adjustmentLimit: plain,
    locale: plain,
  },
};

const brands: RecordTable<BrandFields> = {
  name: 'business.brands',
  columns: {
    name: plain,
    description: plain,
    colour: plain,
    logo: plain,
    logoFolders: plain,
  },
};

const offers: RecordTable<OfferFields> = {
  name: 'loyalty.offers',
  columns: {
    programId: idOf('prg'),
    status: plain,
    endedAt: instant,
    name: plain,
    kind: plain,
    thresholdMinor: plain,
    windowHours: plain,
    benefit: plain,
  },
};

const stores: RecordTable<StoreFields> = {
  name: 'business.stores',
  columns: {
    brandId: idOf('brd'),
    name: plain,
    zone: plain,
    dayStartMinutes: plain,
    externalId: plain,
    address: plain,
    openingHours: plain,
    deactivatedAt: instant,
  },
};

const staff: RecordTable<StaffFields> = {
  name: 'business.staff',
  columns: {
    subject: plain,
    name: plain,
    email: plain,
    phone: plain,
    role: plain,
    storeIds: idsOf('sto'),
    removedAt: instant,
    mailRefusals: plain,
  },
};

const apiKeys: RecordTable<ApiKeyFields> = {
  name: 'business.api_keys',
  columns: {
    integration: plain,
    name: plain,
    secretHash: hexBytes,
    hint: plain,
    scopes: plain,
    storeIds: idsOf('sto'),
    revokedAt: instant,
  },
};

const programs: RecordTable<ProgramFields> = {
  name: 'loyalty.programs',
  columns: {
    brandId: idOf('brd'),
    name: plain,
    description: plain,
    unit: plain,
    currency: plain,
    zone: plain,
    storeIds: idsOf('sto'),
    enrolment: plain,
    draft: plain,
    pauses: plain,
    fraud: plain,
    archivedAt: instant,
  },
};

const webhookEndpoints: RecordTable<WebhookEndpointFields> = {
  name: 'business.webhook_endpoints',
  columns: {
    name: plain,
    url: plain,
    types: plain,
    status: plain,
    disabledReason: plain,
    disabledAt: instant,
    secret: plain,
    previousSecret: plain,
    previousUntil: instant,
    rotatedAt: instant,
    failingSince: instant,
  },
};

/** The organisation's tables, bound to one transaction's connection. */
export function createSetup(client: PoolClient): Setup {
  return {
    businesses: createRecords(client, businesses),
    brands: createRecords(client, brands),
    offers: createRecords(client, offers),
    rewardDefinitions: createRecords(client, rewardDefinitions),
    stores: createRecords(client, stores),
    staff: createRecords(client, staff),
    apiKeys: createRecords(client, apiKeys),
    programs: createRecords(client, programs),
    webhookEndpoints: createRecords(client, webhookEndpoints),
    versions: createProgramVersions(client),
    async unknownStores(businessId, ids) {
      const { rows } = await client.query<{ id: string }>(
        'SELECT id FROM business.stores WHERE business_id = $1 AND id = ANY ($2)',
        [toUuid(businessId), ids.map(toUuid)],
      );
      const known = new Set(rows.map((row) => row.id));
      return ids.filter((id) => !known.has(toUuid(id)));
    },
  };
}

function createProgramVersions(client: PoolClient): ProgramVersions {
  return {
    async windows(businessId, programId) {
      const { rows } = await client.query<{ number: number; from: number; to: number | null }>(
        `SELECT number, valid_from AS "from", valid_to AS "to" FROM loyalty.program_versions
          WHERE business_id = $1 AND program_id = $2 ORDER BY number`,
        [toUuid(businessId), toUuid(programId)],
      );
      return rows;
    },

    async latestRewardId(businessId, programId) {
      const { rows } = await client.query<{ id: string | null }>(
        `SELECT definition #>> '{autoReward,id}' AS id FROM loyalty.program_versions
          WHERE business_id = $1 AND program_id = $2 ORDER BY number DESC LIMIT 1`,
        [toUuid(businessId), toUuid(programId)],
      );
      return (rows[0]?.id as `rdf_${string}` | null | undefined) ?? undefined;
    },

    async add(businessId, programId, version) {
      await client.query(
        `INSERT INTO loyalty.program_versions (business_id, program_id, number, valid_from, definition)
         VALUES ($1, $2, $3, $4, $5)`,
        [
          toUuid(businessId),
          toUuid(programId),
          version.number,
          new Date(version.from),
          version.definition,
        ],
      );
      await raiseConfigRevision(client, businessId);
    },

    async close(businessId, programId, closes) {
      for (const { number, to } of closes) {
        await client.query(
          `UPDATE loyalty.program_versions SET valid_to = $4
            WHERE business_id = $1 AND program_id = $2 AND number = $3`,
          [toUuid(businessId), toUuid(programId), number, new Date(to)],
        );
      }
    },
  };
}
