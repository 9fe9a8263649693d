import type { PoolClient } from 'pg';
import type { BrandFields, Setup } from '../../domain/tenancy/setup.ts';
import { createRecords, plain, type RecordTable } from './records.ts';

const brands: RecordTable<BrandFields> = {
  name: 'business.brands',
  columns: { name: plain, description: plain },
};

/** The organisation's tables, bound to one transaction's connection. */
export function createSetup(client: PoolClient): Setup {
  return {
    brands: createRecords(client, brands),
  };
}
