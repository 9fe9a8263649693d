import { Client } from 'pg';
import { seedBusiness } from '../../infra/local/seed-business.ts';
import { fromUuid, toUuid } from '../../infra/postgres/ids.ts';
import { interleave, medianAlso, type Round } from '../harness/rounds.ts';
import { type LineContext, limitLine, type LineResult } from './line.ts';

const BAR_MS = 20;
const FIRST = ['Ana', 'Rui', 'Zoë', 'João', 'Maria', 'Inês', 'Tomás', 'Clara', 'Hugo', 'Sofia'];
const LAST = [
  'Dias',
  'Sá',
  'Alves',
  'Quick',
  'Müller',
  'Ferreira',
  'Costa',
  'Lopes',
  'Nunes',
  'Reis',
];
/** As the directory spells them for its search. */
const FOUND_AS: Readonly<Record<string, string>> = {
  Zoë: 'zoe',
  João: 'joao',
  Inês: 'ines',
  Tomás: 'tomas',
  Sá: 'sa',
  Müller: 'muller',
};

/** A key may look up 600 customers a minute, and all rounds are over in one. */
const LOOKUPS = 100;

interface Town {
  apiKey: string;
  customers: number;
}

/**
 * How long the office waits for a list, a search or a card of a business with a million customers:
 * p95 of requests sent one after the other, the slowest kind of them.
 */
export async function measureSearch(context: LineContext): Promise<LineResult[]> {
  const { stage, quick } = context;
  const customers = quick ? 200_000 : 1_000_000;
  const town = await seedTown(stage.stack.postgresUrl, customers);
  const edge = await stage.startProduct('edge', { prefix: 'bench-search' });
  const requests = quick ? 100 : 300;
  const rounds = await interleave(
    quick ? 1 : 3,
    { ours: (round) => searchRound(`http://127.0.0.1:${edge.port}`, town, { requests, round }) },
    context.tell,
  );
  context.notePeak('edge', edge.pid);
  await edge.stop();
  const p95 = medianAlso(rounds.ours);
  const slowest = Math.max(...Object.values(p95));
  const told = Object.entries(p95).map(([kind, ms]) => `${kind} ${ms.toFixed(1)} ms`);
  return [
    limitLine({
      name: 'search',
      measured: `p95 of the slowest kind of list, search or card read at ${customers.toLocaleString('en')} customers`,
      unit: ' ms',
      ours: slowest,
      limit: BAR_MS,
      notes: [`search, p95 by kind: ${told.join(', ')}`],
    }),
  ];
}

async function searchRound(
  url: string,
  town: Town,
  { requests, round }: { requests: number; round: number },
): Promise<Round> {
  const admin = '/v1/admin/customers';
  let cursor = '';
  // Spread over all of them, and other ones each round.
  const pick = (i: number) =>
    Math.floor((town.customers * ((i * 7919 + round * 104_729) % 9_973)) / 9_973);
  const kinds: Record<string, (i: number) => string> = {
    list: () => `${admin}?limit=50`,
    'next page': () => `${admin}?limit=50${cursor}`,
    'short name': (i) => `${admin}?name=${encodeURIComponent(nameOf(FIRST, i).slice(0, 2))}`,
    'whole name': (i) =>
      `${admin}?name=${encodeURIComponent(`${nameOf(FIRST, pick(i))} ${nameOf(LAST, pick(i) * 3)} ${pick(i)}`)}`,
    tag: (i) => `${admin}?tag=${i % 2 === 0 ? 'vip' : 'regular'}`,
    phone: (i) => `${admin}?phone=${encodeURIComponent(phoneOf(pick(i)))}`,
    email: (i) => `${admin}?email=${pick(i)}%40cafe.example`,
    'card code': (i) => `${admin}?cardCode=${codeOf(pick(i))}`,
    customer: (i) => `${admin}/${fromUuid('cus', uuidOf('a', pick(i)))}`,
    'customer’s cards': (i) => `${admin}/${fromUuid('cus', uuidOf('a', pick(i)))}/cards`,
    card: (i) => `/v1/admin/cards/${fromUuid('crd', uuidOf('b', pick(i)))}`,
    'card’s history': (i) => `/v1/admin/cards/${fromUuid('crd', uuidOf('b', pick(i)))}/history`,
    'at the till': (i) => `/v1/pos/customers/lookup?cardCode=${codeOf(pick(i))}`,
  };
  const also: Record<string, number> = {};
  let count = 0;
  const startedAt = performance.now();
  for (const [kind, pathOf] of Object.entries(kinds)) {
    const times = kind === 'at the till' ? Math.min(requests, LOOKUPS) : requests;
    const tookMs: number[] = [];
    for (let i = 0; i < times; i += 1) {
      const sentAt = performance.now();
      const answer = await fetch(url + pathOf(i), {
        headers: { Authorization: `Bearer ${town.apiKey}` },
      });
      const body = (await answer.json()) as { nextCursor?: string | null };
      tookMs.push(performance.now() - sentAt);
      if (answer.status !== 200)
        throw new Error(`${kind}: ${answer.status} ${JSON.stringify(body)}`);
      if (kind === 'next page') cursor = body.nextCursor ? `&cursor=${body.nextCursor}` : '';
    }
    count += times;
    also[kind] = tookMs.toSorted((a, b) => a - b)[Math.floor(times * 0.95)] ?? NaN;
  }
  return { perSecond: (count * 1_000) / (performance.now() - startedAt), cpuMsPerUnit: {}, also };
}

const nameOf = (names: readonly string[], n: number) => names[n % names.length] ?? '';
const phoneOf = (n: number) => `+3519${String(n).padStart(8, '0')}`;
const codeOf = (n: number) => `search-card-${String(n).padStart(8, '0')}`;

/** The n-th uuid of a kind: time-ordered like the real ones. */
function uuidOf(kind: 'a' | 'b', n: number): string {
  return `0198${kind}000-0000-7000-8000-${n.toString(16).padStart(12, '0')}`;
}

const uuidSql = (kind: 'a' | 'b') =>
  `('0198${kind}000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid`;

/** A business with many customers, each with a name, contacts, a card, and one in ten with a tag. */
export async function seedTown(ownerUrl: string, customers: number): Promise<Town> {
  const seeded = await seedBusiness(ownerUrl, {
    name: 'Town',
    currency: 'EUR',
    zone: 'Europe/Lisbon',
    stores: [{ name: 'Baixa', brand: 'Café' }],
    programs: [
      {
        name: 'Stamps',
        brand: 'Café',
        unit: 'stamp',
        definition: { rules: [{ kind: 'perVisit', amount: '1' }] },
      },
    ],
  });
  const [program] = seeded.programs;
  if (!program) throw new Error('a town needs a program');
  const client = new Client({ connectionString: ownerUrl });
  await client.connect();
  try {
    await client.query('SET session_replication_role = replica');
    await client.query('SET synchronous_commit = off');
    const business = toUuid(seeded.businessId);
    const numbers = `generate_series(0, ${customers - 1}) AS n`;
    const spelled = (names: readonly string[]) =>
      names.map((name) => FOUND_AS[name] ?? name.toLowerCase());
    await client.query(
      `INSERT INTO customer.customers (business_id, id, phone, email, name)
       SELECT $1, ${uuidSql('a')}, '+3519' || lpad(n::text, 8, '0'), n || '@cafe.example',
              ($2::text[])[n % 10 + 1] || ' ' || ($3::text[])[n * 3 % 10 + 1] || ' ' || n
         FROM ${numbers}`,
      [business, FIRST, LAST],
    );
    await client.query(
      `INSERT INTO customer.name_keys (business_id, customer_id, name_key)
       SELECT $1, ${uuidSql('a')}, k
         FROM ${numbers}
        CROSS JOIN LATERAL (VALUES
          (($2::text[])[n % 10 + 1] || ' ' || ($3::text[])[n * 3 % 10 + 1] || ' ' || n),
          (($3::text[])[n * 3 % 10 + 1] || ' ' || n), (n::text)) AS keys (k)`,
      [business, spelled(FIRST), spelled(LAST)],
    );
    await client.query(
      `INSERT INTO customer.customer_tags (business_id, customer_id, tag)
       SELECT $1, ${uuidSql('a')}, CASE n % 20 WHEN 0 THEN 'vip' ELSE 'regular' END
         FROM ${numbers} WHERE n % 10 = 0`,
      [business],
    );
    await client.query(
      `INSERT INTO loyalty.cards (business_id, id, program_id, customer_id, code, balance, sequence,
                                  version_number)
       SELECT $1, ${uuidSql('b')}, $2, ${uuidSql('a')}, 'search-card-' || lpad(n::text, 8, '0'), 0, 1, 1
         FROM ${numbers}`,
      [business, toUuid(program.id)],
    );
    await client.query(
      'ANALYZE customer.customers, customer.name_keys, customer.customer_tags, loyalty.cards',
    );
  } finally {
    await client.end();
  }
  return { apiKey: seeded.apiKey, customers };
}
