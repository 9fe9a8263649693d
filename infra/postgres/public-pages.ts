import type { Pool } from 'pg';
import { describeVersion } from '../../domain/programs/describe.ts';
import { isPausedAt, type Program, versionAt } from '../../domain/programs/program.ts';
import type { Logo } from '../../domain/tenancy/logo.ts';
import type { BrandId, BusinessId, ProgramId } from '../../domain/values/ids.ts';
import type { Instant } from '../../domain/values/time.ts';
import type { createConfigCache } from './config-cache.ts';
import { fromUuid, toUuid } from './ids.ts';
import { type FileUrl, presentLogo } from './logos.ts';
import { Program as ProgramRow, Store } from './models/models.ts';
import { inBusinesses } from './tenant.ts';

interface BrandRow {
  name: string;
  description: string | null;
  colour: string | null;
  logo: Logo | null;
}

/** What anybody may read of brands and programs. Needs the models bound (`connectOrm`). */
export function createPublicPages(options: {
  pool: Pool;
  loadConfigs: ReturnType<typeof createConfigCache>;
  now: () => Instant;
  fileUrl: FileUrl | undefined;
}) {
  const { pool, loadConfigs, now, fileUrl } = options;

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

  /** Whose it is; anybody may ask. */
  async function findOwner(what: 'brand' | 'program', id: string) {
    const { rows } = await pool.query<{ owner: string | null }>(
      `SELECT app.find_${what}_owner($1) AS owner`,
      [id],
    );
    const owner = rows[0]?.owner;
    return owner ? fromUuid('biz', owner) : undefined;
  }

  async function brandPage(businessId: BusinessId, id: BrandId) {
    const businessUuid = toUuid(businessId);
    const { rows } = await pool.query<BrandRow>(
      'SELECT name, description, colour, logo FROM business.brands WHERE business_id = $1 AND id = $2',
      [businessUuid, toUuid(id)],
    );
    const [brand] = rows;
    if (!brand) return undefined;
    const stores = await Store.findAll({
      where: { businessId: businessUuid, brandId: toUuid(id), deactivatedAt: null },
      order: [['name', 'ASC']],
    });
    const programs = await livePrograms(businessId);
    return {
      id: id as string,
      name: brand.name,
      description: brand.description,
      colour: brand.colour,
      logo: presentLogo(brand.logo, fileUrl),
      stores: stores.map((store) => ({
        id: fromUuid('sto', store.id) as string,
        name: store.name,
        zone: store.zone,
        address: store.address,
        openingHours: store.openingHours,
      })),
      programs: programs.filter((program) => program.brandId === id),
    };
  }

  return {
    async findBrand(id: BrandId) {
      const businessId = await findOwner('brand', toUuid(id));
      return businessId && inBusinesses([businessId], () => brandPage(businessId, id));
    },

    async findProgram(id: ProgramId) {
      const businessId = await findOwner('program', toUuid(id));
      if (!businessId) return undefined;
      const programs = await inBusinesses([businessId], () => livePrograms(businessId));
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
