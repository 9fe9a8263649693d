/** Promotions straight in the database, as a command would have published them. */
import { Client } from 'pg';
import type { PromotionDefinition } from '../../domain/promotions/promotion.ts';
import type { PromotionId } from '../../domain/values/ids.ts';
import { toLedgerUnits } from '../../domain/values/units.ts';
import { idSource } from '../../infra/ids/id-source.ts';
import { toUuid } from '../../infra/postgres/ids.ts';
import type { SeededBusiness } from '../../infra/local/seed-business.ts';
import { aPromotionDefinition } from './domain.ts';

/** A promotion of the business's first program, live since 2020 unless told otherwise. */
export async function openPromotion(
  ownerUrl: string,
  business: SeededBusiness,
  over: Partial<PromotionDefinition> & { liveFrom?: string; liveTo?: string } = {},
): Promise<PromotionId> {
  const { liveFrom = '2020-01-01T00:00:00Z', liveTo = null, ...rest } = over;
  const program = business.programs[0]!;
  const definition = aPromotionDefinition(rest);
  const id = idSource.id('prm');
  const editions = [{ from: liveFrom, to: liveTo, definition }];
  const client = new Client({ connectionString: ownerUrl });
  await client.connect();
  try {
    const owner = toUuid(business.businessId);
    await client.query(
      `INSERT INTO loyalty.promotions
              (business_id, id, program_id, status, definition, editions)
       VALUES ($1, $2, $3, 'live', $4, $5)`,
      [owner, toUuid(id), toUuid(program.id), definition, JSON.stringify(editions)],
    );
    if (definition.budget !== undefined) {
      await client.query(
        'INSERT INTO loyalty.counters (business_id, key, ceiling) VALUES ($1, $2, $3)',
        [owner, `budget:${id}`, toLedgerUnits(definition.budget, program.unit)],
      );
    }
    await client.query(
      'UPDATE business.businesses SET config_revision = config_revision + 1 WHERE id = $1',
      [owner],
    );
  } finally {
    await client.end();
  }
  return id;
}
