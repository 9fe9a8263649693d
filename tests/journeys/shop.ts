import { randomUUID } from 'node:crypto';
import {
  type BusinessSpec,
  seedBusiness,
  type SeededBusiness,
} from '../../infra/local/seed-business.ts';
import type { Sale } from '../pos-client.ts';

/** Ten visits to a free coffee, and a point per euro. */
export const STAMPS = {
  name: 'Stamps',
  brand: 'Café Central',
  unit: 'stamp',
  definition: {
    rules: [{ kind: 'perVisit', amount: '1' }],
    autoReward: {
      id: 'rdf_01jd7x0mh8e2rta5p3v0c2k9qz',
      name: 'Free coffee',
      cost: '10',
      benefit: { kind: 'freeItem', description: 'Any coffee' },
    },
  },
} as const;

export const POINTS = {
  name: 'Points',
  brand: 'Café Central',
  unit: 'point',
  definition: {
    earnOnTax: true,
    rules: [{ kind: 'perSpend', amount: '1', everyMinor: 100 }],
  },
} as const;

export type Shop = SeededBusiness & {
  /** Ten euros in cash, just now, on the first customer's card; each call is another sale. */
  sale(over?: Partial<Sale>): Sale & { externalId: string };
};

/** A café in Lisbon with a stamp program and one customer. */
export async function openShop(ownerUrl: string, over: Partial<BusinessSpec> = {}): Promise<Shop> {
  const spec: BusinessSpec = {
    name: 'Café Central',
    currency: 'EUR',
    zone: 'Europe/Lisbon',
    stores: [{ name: 'Baixa', brand: 'Café Central' }],
    programs: [STAMPS],
    customers: [{ program: over.programs?.[0]?.name ?? 'Stamps' }],
    ...over,
  };
  const seeded = await seedBusiness(ownerUrl, spec);
  return {
    ...seeded,
    sale: (fields = {}) => ({
      externalId: `till-1/${randomUUID()}`,
      storeId: seeded.storeIds[0]!,
      occurredAt: new Date().toISOString(),
      ...(seeded.cards[0] && { customer: { cardCode: seeded.cards[0].code } }),
      currency: 'EUR',
      total: 1_000,
      ...fields,
    }),
  };
}
