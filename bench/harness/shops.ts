import { Client } from 'pg';
import { seedBusiness } from '../../infra/local/seed-business.ts';
import { toUuid } from '../../infra/postgres/ids.ts';

/** A business to sell in, as the load generator needs it. */
export interface Shop {
  businessId: `biz_${string}`;
  apiKey: string;
  storeId: `sto_${string}`;
  programId: `prg_${string}`;
  currency: string;
  /** Its cards are numbered from 0: see `cardCode`. */
  cards: number;
}

/** The public code of a seeded card. */
export function cardCode(number: number): string {
  return `bench-card-${String(number).padStart(8, '0')}`;
}

const reward = (cost: string) => ({
  id: 'rdf_01jd7x0mh8e2rta5p3v0c2k9qz',
  name: 'Free coffee',
  cost,
  benefit: { kind: 'freeItem', description: 'Any coffee' },
  validForDays: 60,
});

/** A stamp card (the tenth coffee is free) and a points program (a point a euro, a reward at 100). */
const programs = [
  {
    name: 'Stamps',
    brand: 'Café',
    unit: 'stamp',
    definition: { rules: [{ kind: 'perVisit', amount: '1' }], autoReward: reward('10') },
  },
  {
    name: 'Points',
    brand: 'Café',
    unit: 'point',
    definition: {
      rules: [{ kind: 'perSpend', amount: '1', everyMinor: 100 }],
      autoReward: reward('100'),
    },
  },
] as const;

/** Sets up two shops, one that stamps and one that gives points, with `cards` cards between them. */
export async function seedShops(
  ownerUrl: string,
  options: { cards: number; postingsPerCard: number },
): Promise<Shop[]> {
  const cards = Math.ceil(options.cards / programs.length);
  const shops: Shop[] = [];
  for (const [shop, program] of programs.entries()) {
    const {
      businessId,
      apiKey,
      storeIds,
      programs: made,
    } = await seedBusiness(ownerUrl, {
      name: program.name,
      currency: 'EUR',
      zone: 'Europe/Lisbon',
      stores: [{ name: 'Baixa', brand: program.brand }],
      programs: [program],
    });
    const [storeId] = storeIds;
    const programId = made[0]?.id;
    if (!storeId || !programId) throw new Error('a shop needs a store and a program');
    const unitsEach = program.unit === 'stamp' ? 1 : 1_000_000;
    await insertHistory(ownerUrl, {
      shop,
      business: toUuid(businessId),
      program: toUuid(programId),
      cards,
      postingsPerCard: options.postingsPerCard,
      unitsEach,
    });
    shops.push({ businessId, apiKey, storeId, programId, currency: 'EUR', cards });
  }
  return shops;
}

interface History {
  /** Makes its ids differ from those of other shops. */
  shop: number;
  business: string;
  program: string;
  cards: number;
  postingsPerCard: number;
  unitsEach: number;
}

/** The n-th uuid of a kind: time-ordered like the real ones, so that indexes grow the same way. */
function uuidSource(shop: number) {
  return (kind: 'c' | 'd' | 'e' | 'f', number: string) =>
    `('0198${kind}${shop}00-0000-7000-8000-' || lpad(to_hex(${number}), 12, '0'))::uuid`;
}

/**
 * Cards and what they earned so far, made by the database itself. Rows point at each other as real
 * ones do; foreign keys are not checked meanwhile, because a million checks take half a minute.
 */
async function insertHistory(ownerUrl: string, history: History): Promise<void> {
  const { business, program, cards, postingsPerCard, unitsEach } = history;
  const uuidOf = uuidSource(history.shop);
  const client = new Client({ connectionString: ownerUrl });
  await client.connect();
  try {
    await client.query('SET session_replication_role = replica');
    await client.query('SET synchronous_commit = off');
    const numbers = `generate_series(0, ${cards - 1}) AS n`;
    const postings = `generate_series(0, ${cards * postingsPerCard - 1}) AS n`;
    const balance = postingsPerCard * unitsEach;
    await client.query(
      `INSERT INTO customer.customers (business_id, id, name)
       SELECT $1, ${uuidOf('c', 'n')}, 'Customer ' || n FROM ${numbers}`,
      [business],
    );
    await client.query(
      `INSERT INTO loyalty.cards (business_id, id, program_id, customer_id, code, balance, sequence,
                                  version_number)
       SELECT $1, ${uuidOf('d', 'n')}, $2, ${uuidOf('c', 'n')},
              'bench-card-' || lpad(n::text, 8, '0'), ${balance}, ${postingsPerCard}, 1
         FROM ${numbers}`,
      [business, program],
    );
    if (postingsPerCard > 0) {
      await client.query(
        `INSERT INTO loyalty.postings (business_id, transaction_id, ordinal, program_id, card_id,
                                       from_account, to_account, amount, occurred_at, business_date)
         SELECT $1, ${uuidOf('e', 'n')}, 0, $2, ${uuidOf('d', `n % ${cards}`)},
                'issued', 'card', ${unitsEach}, now() - interval '90 days', current_date - 90
           FROM ${postings}`,
        [business, program],
      );
      await client.query(
        `INSERT INTO loyalty.lots (business_id, id, card_id, transaction_id, earned_at, amount,
                                   remaining)
         SELECT $1, ${uuidOf('f', 'n')}, ${uuidOf('d', 'n')}, ${uuidOf('e', 'n')},
                now() - interval '90 days', ${balance}, ${balance}
           FROM ${numbers}`,
        [business],
      );
    }
    await client.query('ANALYZE');
  } finally {
    await client.end();
  }
}
