import { createHash, randomBytes } from 'node:crypto';
import { Client } from 'pg';
import { formatApiKey } from '../../domain/tenancy/api-key.ts';
import type {
  BusinessId,
  CardId,
  CustomerId,
  ProgramId,
  StoreId,
} from '../../domain/values/ids.ts';
import type { Unit } from '../../domain/values/units.ts';
import { idSource } from '../ids/id-source.ts';
import { toUuid } from '../postgres/ids.ts';
import { versionDefinitionSchema } from '../../queues/version-definition.ts';

/** A business to be set up, as far as it matters; the rest has defaults. */
export interface BusinessSpec {
  name: string;
  currency: string;
  zone: string;
  acceptPastDays?: number;
  stores: readonly { name: string; brand: string; dayStartMinutes?: number; zone?: string }[];
  programs: readonly {
    name: string;
    brand: string;
    unit: Unit;
    /** As stored in a version: see queues/version-definition.ts. */
    definition: object;
    enrolment?: 'automatic' | 'by-request';
    /** RFC 3339; by default the version has always been in force. */
    validFrom?: string;
  }[];
  /** Customers with one card in the named program each. */
  customers?: readonly { program: string; name?: string; phone?: string; email?: string }[];
}

export interface SeededBusiness {
  businessId: BusinessId;
  apiKey: string;
  storeIds: StoreId[];
  programs: { id: ProgramId; name: string; unit: Unit }[];
  /** One per customer, in order. */
  cards: { id: CardId; code: string; customerId: CustomerId; programId: ProgramId }[];
}

const ALL_SCOPES = [
  'transactions:write',
  'transactions:read',
  'customers:read',
  'rewards:write',
  'admin:read',
  'admin:write',
];

/**
 * Sets up a business straight in the database, as its owner role: brands, stores, programs in force,
 * a POS key and some customers with cards. For demos, tests and measurements.
 */
export async function seedBusiness(ownerUrl: string, spec: BusinessSpec): Promise<SeededBusiness> {
  const client = new Client({ connectionString: ownerUrl });
  await client.connect();
  try {
    await client.query('BEGIN');
    const seeded = await insertAll(client, spec);
    await client.query('COMMIT');
    return seeded;
  } finally {
    await client.end();
  }
}

async function insertAll(client: Client, spec: BusinessSpec): Promise<SeededBusiness> {
  const businessId = idSource.id('biz');
  const business = toUuid(businessId);
  await client.query(
    `INSERT INTO business.businesses (id, name, default_currency, zone, accept_past_days)
     VALUES ($1, $2, $3, $4, $5)`,
    [business, spec.name, spec.currency, spec.zone, spec.acceptPastDays ?? 30],
  );

  const brands = new Map<string, string>();
  for (const { brand } of [...spec.stores, ...spec.programs]) {
    if (brands.has(brand)) continue;
    brands.set(brand, toUuid(idSource.id('brd')));
    await client.query('INSERT INTO business.brands (business_id, id, name) VALUES ($1, $2, $3)', [
      business,
      brands.get(brand),
      brand,
    ]);
  }

  const storeIds = spec.stores.map(() => idSource.id('sto'));
  for (const [i, store] of spec.stores.entries()) {
    await client.query(
      `INSERT INTO business.stores (business_id, id, brand_id, name, zone, day_start_minutes)
       VALUES ($1, $2, $3, $4, $5, $6)`,
      [
        business,
        toUuid(storeIds[i] ?? 'sto_'),
        brands.get(store.brand),
        store.name,
        store.zone ?? spec.zone,
        store.dayStartMinutes ?? 0,
      ],
    );
  }
  const programs = await insertPrograms(client, business, spec, brands);
  const cards = await insertCustomers(client, business, spec, programs);
  const apiKey = await addApiKey(client, businessId, { integration: 'pos', name: 'Till' });
  return { businessId, apiKey, storeIds, programs, cards };
}

async function insertPrograms(
  client: Client,
  business: string,
  spec: BusinessSpec,
  brands: ReadonlyMap<string, string>,
): Promise<SeededBusiness['programs']> {
  const programs: SeededBusiness['programs'] = [];
  for (const program of spec.programs) {
    const id = idSource.id('prg');
    versionDefinitionSchema.parse(program.definition);
    await client.query(
      `INSERT INTO loyalty.programs (business_id, id, brand_id, name, unit, currency, zone, enrolment)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
      [
        business,
        toUuid(id),
        brands.get(program.brand),
        program.name,
        program.unit,
        spec.currency,
        spec.zone,
        program.enrolment ?? 'automatic',
      ],
    );
    await client.query(
      `INSERT INTO loyalty.program_versions (business_id, program_id, number, valid_from, definition)
       VALUES ($1, $2, 1, $3, $4)`,
      [business, toUuid(id), program.validFrom ?? '1990-01-01T00:00:00Z', program.definition],
    );
    programs.push({ id, name: program.name, unit: program.unit });
  }
  return programs;
}

async function insertCustomers(
  client: Client,
  business: string,
  spec: BusinessSpec,
  programs: SeededBusiness['programs'],
): Promise<SeededBusiness['cards']> {
  const customers = (spec.customers ?? []).map((customer) => {
    const program = programs.find((p) => p.name === customer.program);
    if (!program) throw new RangeError(`no program ${customer.program}`);
    return {
      ...customer,
      programId: program.id,
      customerId: idSource.id('cus'),
      id: idSource.id('crd'),
      code: idSource.code(),
    };
  });
  const rows = JSON.stringify(
    customers.map((customer) => ({
      business_id: business,
      id: toUuid(customer.customerId),
      name: customer.name,
      phone: customer.phone,
      email: customer.email,
      card_id: toUuid(customer.id),
      program_id: toUuid(customer.programId),
      code: customer.code,
    })),
  );
  await client.query(
    `INSERT INTO customer.customers (business_id, id, name, phone, email)
     SELECT business_id, id, name, phone, email FROM json_to_recordset($1::json)
         AS r (business_id uuid, id uuid, name text, phone text, email text)`,
    [rows],
  );
  await client.query(
    `INSERT INTO loyalty.cards (business_id, id, program_id, customer_id, code, version_number)
     SELECT business_id, card_id, program_id, id, code, 1 FROM json_to_recordset($1::json)
         AS r (business_id uuid, id uuid, card_id uuid, program_id uuid, code text)`,
    [rows],
  );
  return customers.map(({ id, code, customerId, programId }) => ({
    id,
    code,
    customerId,
    programId,
  }));
}

/** Adds a POS key to a business and returns its secret; only the hash is kept. */
export async function addApiKey(
  client: Client,
  businessId: BusinessId,
  key: { integration: string; name: string },
): Promise<string> {
  const secret = formatApiKey(randomBytes(24).toString('hex'));
  await client.query(
    `INSERT INTO business.api_keys (business_id, id, integration, name, secret_hash, scopes)
     VALUES ($1, $2, $3, $4, $5, $6)`,
    [
      toUuid(businessId),
      toUuid(idSource.id('key')),
      key.integration,
      key.name,
      createHash('sha256').update(secret).digest(),
      ALL_SCOPES,
    ],
  );
  return secret;
}
