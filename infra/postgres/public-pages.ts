import type { Pool } from 'pg';
import { describeVersion } from '../../domain/programs/describe.ts';
import { isPausedAt, type Program, versionAt } from '../../domain/programs/program.ts';
import type { BrandId, BusinessId, ProgramId } from '../../domain/values/ids.ts';
import type { Instant } from '../../domain/values/time.ts';
import type { createConfigCache } from './config-cache.ts';
import { fromUuid, toUuid } from './ids.ts';
import { Program as ProgramRow, Store } from './models/models.ts';

interface BrandRow {
  business_id: string;
  name: string;
  description: string | null;
}

/** What anybody may read of brands and programs. Needs the models bound (`connectOrm`). */
export function createPublicPages(options: {
  pool: Pool;
  loadConfigs: ReturnType<typeof createConfigCache>;
  now: () => Instant;
}) {
  const { pool, loadConfigs, now } = options;

  /** The programs of a business that somebody could earn in now, as pages. */
  async function livePrograms(businessId: BusinessId) {
    const config = (await loadConfigs(pool, [businessId])).get(businessId);
    const at = now();
    const rows = await ProgramRow.findAll({ where: { businessId: toUuid(businessId) } });
    const descriptions = new Map(rows.map((row) => [fromUuid('prg', row.id), row.description]));
    return (config?.programs ?? [])
      .filter((program) => !isPausedAt(program, at))
      .flatMap((program) => present(program, descriptions.get(program.id) ?? null, at));
  }

  return {
    async findBrand(id: BrandId) {
      const { rows } = await pool.query<BrandRow>(
        'SELECT business_id, name, description FROM business.brands WHERE id = $1',
        [toUuid(id)],
      );
      const [brand] = rows;
      if (!brand) return undefined;
      const stores = await Store.findAll({
        where: { businessId: brand.business_id, brandId: toUuid(id), deactivatedAt: null },
        order: [['name', 'ASC']],
      });
      const programs = await livePrograms(fromUuid('biz', brand.business_id));
      return {
        id: id as string,
        name: brand.name,
        description: brand.description,
        stores: stores.map((store) => ({
          id: fromUuid('sto', store.id) as string,
          name: store.name,
          zone: store.zone,
          address: store.address,
          openingHours: store.openingHours,
        })),
        programs: programs.filter((program) => program.brandId === id),
      };
    },

    async findProgram(id: ProgramId) {
      const { rows } = await pool.query<{ business_id: string }>(
        'SELECT business_id FROM loyalty.programs WHERE id = $1',
        [toUuid(id)],
      );
      if (!rows[0]) return undefined;
      const programs = await livePrograms(fromUuid('biz', rows[0].business_id));
      return programs.find((program) => program.id === id);
    },
  };
}

function present(program: Program, description: string | null, at: Instant) {
  const version = versionAt(program, at);
  if (!version) return [];
  const { id, brandId, name, unit } = program;
  return [
    {
      id: id as string,
      brandId: brandId as string,
      name,
      description,
      unit,
      rules: describeVersion(program, version),
    },
  ];
}
