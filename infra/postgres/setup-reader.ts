import { type Model, type ModelStatic, Op, type WhereOptions } from 'sequelize';
import type { OfferBenefit } from '../../domain/offers/offer.ts';
import type { BusinessId, Id, IdKind } from '../../domain/values/ids.ts';
import { fromUuid, toUuid } from './ids.ts';
import { Brand, Offer } from './models/models.ts';
import type { Fresh } from './offers.ts';

interface Page {
  limit: number;
  after: string | undefined;
  where?: Readonly<Record<string, unknown>>;
}

/** Reads one kind of thing that people set up. Ids are time-ordered, so lists are oldest first. */
function createReader<Row extends Model, View>(
  model: ModelStatic<Row>,
  present: (row: Row) => View,
) {
  return {
    async find(businessId: BusinessId, id: string): Promise<View | undefined> {
      const where = { businessId: toUuid(businessId), id: toUuid(id as Id<IdKind>) };
      const row = await model.findOne({ where: where as WhereOptions });
      return row ? present(row) : undefined;
    },
    async list(businessId: BusinessId, { limit, after, where }: Page): Promise<View[]> {
      const rows = await model.findAll({
        where: {
          ...where,
          businessId: toUuid(businessId),
          ...(after !== undefined && { id: { [Op.gt]: toUuid(after as Id<IdKind>) } }),
        } as WhereOptions,
        order: [['id', 'ASC']],
        limit,
      });
      return rows.map(present);
    },
  };
}

/** What a revised row tells of itself. */
function revised<Kind extends IdKind>(
  kind: Kind,
  row: { id: string; revision: number; createdAt: Date; updatedAt: Date },
) {
  return {
    id: fromUuid(kind, row.id),
    revision: row.revision,
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
  };
}

/** The organisation for those who may only read. Needs the models bound (`connectOrm`). */
export function createSetupReader() {
  return {
    brands: createReader(Brand, (brand) => ({
      ...revised('brd', brand),
      name: brand.name,
      description: brand.description,
    })),
    offers: createReader(Offer, (offer) => ({
      ...revised('ofr', offer),
      programId: fromUuid('prg', offer.programId),
      status: offer.status,
      endedAt: offer.endedAt?.toISOString() ?? null,
      name: offer.name,
      kind: offer.kind,
      thresholdMinor: Number(offer.thresholdMinor),
      windowHours: offer.windowHours,
      benefit: offer.benefit as Fresh<OfferBenefit>,
    })),
  };
}
