import { type Model, type ModelStatic, Op, type WhereOptions } from 'sequelize';
import { z } from 'zod';
import type { OfferBenefit } from '../../domain/offers/offer.ts';
import type { BusinessId, Id, IdKind, ProgramId } from '../../domain/values/ids.ts';
import { promotionDefinitionSchema } from '../../queues/promotion-definition.ts';
import { fromUuid, toUuid } from './ids.ts';
import { type FileUrl, presentLogo } from './logos.ts';
import {
  ApiKey,
  Brand,
  Business,
  Offer,
  Program,
  ProgramVersion,
  Promotion,
  RewardDefinition,
  Staff,
  Store,
} from './models/models.ts';
import type { Fresh } from './offers.ts';
import { presentDefinition } from './reward-definition-records.ts';

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

const stores = (ids: readonly string[] | null) => ids?.map((id) => fromUuid('sto', id)) ?? null;
const time = (at: Date | null) => at?.toISOString() ?? null;

const presentBusiness = (business: Business) => ({
  ...revised('biz', business),
  name: business.name,
  zone: business.zone,
  defaultCurrency: business.defaultCurrency,
  acceptPastDays: business.acceptPastDays,
  acceptFutureMinutes: business.acceptFutureMinutes,
  refundWaitDays: business.refundWaitDays,
  adjustmentLimit: business.adjustmentLimit,
  locale: business.locale,
});

const presentBrand = (brand: Brand, fileUrl: FileUrl | undefined) => ({
  ...revised('brd', brand),
  name: brand.name,
  description: brand.description,
  colour: brand.colour,
  logo: presentLogo(brand.logo, fileUrl),
});

const presentStore = (store: Store) => ({
  ...revised('sto', store),
  brandId: fromUuid('brd', store.brandId),
  name: store.name,
  zone: store.zone,
  dayStartMinutes: store.dayStartMinutes,
  externalId: store.externalId,
  address: store.address,
  openingHours: store.openingHours,
  deactivatedAt: time(store.deactivatedAt),
});

const presentStaff = (member: Staff) => ({
  ...revised('stf', member),
  name: member.name,
  email: member.email,
  phone: member.phone,
  role: member.role,
  storeIds: stores(member.storeIds),
  status: staffStatus(member),
  mailRefusals: member.mailRefusals,
});

function staffStatus({ removedAt, subject }: Staff): 'removed' | 'invited' | 'active' {
  if (removedAt !== null) return 'removed';
  return subject === null ? 'invited' : 'active';
}

const presentApiKey = (key: ApiKey) => ({
  ...revised('key', key),
  name: key.name,
  integration: key.integration,
  hint: key.hint,
  scopes: key.scopes,
  storeIds: stores(key.storeIds),
  revokedAt: time(key.revokedAt),
});

const presentProgram = (program: Program) => ({
  ...revised('prg', program),
  brandId: fromUuid('brd', program.brandId),
  name: program.name,
  description: program.description,
  unit: program.unit,
  currency: program.currency,
  zone: program.zone,
  storeIds: stores(program.storeIds),
  enrolment: program.enrolment,
  fraud: program.fraud,
  status: programStatus(program),
  draft: program.draft,
});

function programStatus({ archivedAt, pauses }: Program): 'archived' | 'paused' | 'active' {
  if (archivedAt !== null) return 'archived';
  return pauses.some(({ to }) => to === null) ? 'paused' : 'active';
}

/** The organisation for those who may only read. Needs the models bound (`connectOrm`). */
export function createSetupReader({ fileUrl }: { fileUrl: FileUrl | undefined }) {
  return {
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
    businesses: {
      async find(businessId: BusinessId) {
        const row = await Business.findByPk(toUuid(businessId));
        return row ? presentBusiness(row) : undefined;
      },
      list: async () => [],
    },
    brands: createReader(Brand, (brand) => presentBrand(brand, fileUrl)),
    rewardDefinitions: createReader(RewardDefinition, presentDefinition),
    stores: createReader(Store, presentStore),
    staff: createReader(Staff, presentStaff),
    apiKeys: createReader(ApiKey, presentApiKey),
    programs: createReader(Program, presentProgram),
    /** Newest first; a program has few. `before` is a version's number. */
    async listVersions(
      businessId: BusinessId,
      programId: ProgramId,
      page: { limit: number; before: number | undefined },
    ) {
      const { limit, before } = page;
      const rows = await ProgramVersion.findAll({
        where: {
          businessId: toUuid(businessId),
          programId: toUuid(programId),
          ...(before !== undefined && { number: { [Op.lt]: before } }),
        },
        order: [['number', 'DESC']],
        limit,
      });
      return rows.map((version) => ({
        number: version.number,
        from: version.validFrom.toISOString(),
        to: time(version.validTo),
        publishedAt: version.createdAt.toISOString(),
        definition: version.definition,
      }));
    },
    promotions: createReader(Promotion, (promotion) => ({
      ...revised('prm', promotion),
      programId: fromUuid('prg', promotion.programId),
      status: promotion.status,
      definition: z.parse(promotionDefinitionSchema, promotion.definition),
    })),
  };
}
