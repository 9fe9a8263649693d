import type { PoolClient } from 'pg';
import type { BrandFields, OfferFields, Setup } from '../../domain/tenancy/setup.ts';
import { createRecords, idOf, instant, plain, type RecordTable } from './records.ts';

const brands: RecordTable<BrandFields> = {
  name: 'business.brands',
  columns: { name: plain, description: plain },
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

/** The organisation's tables, bound to one transaction's connection. */
export function createSetup(client: PoolClient): Setup {
  return {
    brands: createRecords(client, brands),
    offers: createRecords(client, offers),
  };
}
