import type { Pool } from 'pg';
import type { Card as DomainCard } from '../../domain/ledger/card.ts';
import type { Program } from '../../domain/programs/program.ts';
import { isOnOffer } from '../../domain/rewards/claim.ts';
import type { RewardDefinition, RewardTerms } from '../../domain/rewards/definition.ts';
import { presentReward, type RewardView } from '../../domain/rewards/present.ts';
import type { RewardStatus } from '../../domain/rewards/reward.ts';
import type {
  BusinessId,
  CardId,
  CustomerId,
  RewardDefinitionId,
  StoreId,
} from '../../domain/values/ids.ts';
import type { Instant } from '../../domain/values/time.ts';
import { presentAmount, spendable, toLedgerUnits } from '../../domain/values/units.ts';
import type { createConfigCache } from './config-cache.ts';
import { toUuid } from './ids.ts';
import { toDefinition, toReward } from './reward-books.ts';
import { Card } from './models/models.ts';
import { runStatement } from './statement.ts';
import { findRewardsByCode, type RewardRow } from './statements/find-rewards.ts';
import { listRewards } from './statements/list-rewards.ts';
import * as definitions from './statements/reward-definitions.ts';

/** What a customer could claim now. */
export interface ClaimableReward {
  definitionId: string;
  cardId: string;
  name: string;
  benefit: unknown;
  cost: number | string;
  /** Whether the card holds as much. */
  affordable: boolean;
  needsCoupon: boolean;
}

/** A card as far as it decides what to offer; the balance is in ledger units. */
export type CardInHand = Pick<DomainCard, 'id' | 'programId' | 'status' | 'balance'>;

/** Rewards for those who may only read. Needs the models bound (`connectOrm`). */
export function createRewardReader(options: {
  pool: Pool;
  loadConfigs: ReturnType<typeof createConfigCache>;
}) {
  const { pool } = options;
  const configOf = async (businessId: BusinessId) =>
    (await options.loadConfigs(pool, [businessId])).get(businessId);

  /** Rows as views, each by its card's program. */
  async function present(businessId: BusinessId, rows: RewardRow[], at: Instant) {
    const config = await configOf(businessId);
    const cardIds = [...new Set(rows.map((row) => row.card_id))];
    const cards = await Card.findAll({ where: { businessId: toUuid(businessId), id: cardIds } });
    return rows.flatMap((row): RewardView[] => {
      const programId = cards.find((card) => card.id === row.card_id)?.programId;
      const program = config?.programs.find((p) => programId && toUuid(p.id) === programId);
      return program ? [presentReward(toReward(row), program, at)] : [];
    });
  }

  return {
    /** The reward of a code; undefined for another business's too. */
    async find(businessId: BusinessId, code: string, at: Instant): Promise<RewardView | undefined> {
      const wanted = [{ business_id: toUuid(businessId), code }];
      const rows = await runStatement<RewardRow>(pool, findRewardsByCode, wanted);
      return (await present(businessId, rows, at))[0];
    },

    /** A card's rewards, oldest first; undefined for a card that does not exist here. */
    async list(
      businessId: BusinessId,
      cardId: CardId,
      page: {
        limit: number;
        after: string | undefined;
        status: RewardStatus | undefined;
        at: Instant;
      },
    ): Promise<RewardView[] | undefined> {
      const where = { businessId: toUuid(businessId), id: toUuid(cardId) };
      if (!(await Card.findOne({ where }))) return undefined;
      const wanted = {
        business_id: where.businessId,
        card_id: where.id,
        after: page.after && toUuid(page.after as `rwd_${string}`),
        status: page.status,
        at: new Date(page.at).toISOString(),
        max: page.limit,
      };
      const rows = await runStatement<RewardRow>(pool, listRewards, [wanted]);
      return present(businessId, rows, page.at);
    },

    /**
     * What a customer could claim in some stores now, whether they can pay for it or not.
     */
    async claimable(
      businessId: BusinessId,
      of: {
        customerId: CustomerId;
        cards: readonly CardInHand[];
        storeIds: readonly StoreId[];
        at: Instant;
      },
    ): Promise<ClaimableReward[]> {
      const business_id = toUuid(businessId);
      const live = await runStatement<definitions.DefinitionRow>(
        pool,
        definitions.findLiveDefinitions,
        [{ business_id }],
      );
      const config = await configOf(businessId);
      if (live.length === 0 || !config) return [];
      const on = live.map(toDefinition).filter(({ terms }) => isOffered(terms, of.storeIds));
      const tags = await tagsOf(pool, { business_id, customer_id: toUuid(of.customerId) }, on);
      const times = { occurredAt: of.at, receivedAt: of.at };
      const keys = of.cards.map((card) => ({ business_id, card_id: toUuid(card.id) }));
      const taken = await runStatement<TakenRow>(pool, definitions.countTakenRewards, keys);
      return of.cards.flatMap((card) =>
        on.flatMap((definition): ClaimableReward[] => {
          const program = config.programs.find((p) => p.id === definition.programId);
          if (!program || program.id !== card.programId) return [];
          const state = {
            business: config.business,
            program,
            card,
            definition,
            tags,
            taken: takenOf(taken, card.id, definition.id),
          };
          return isOnOffer(times, state) ? [presentOffer(card, program, definition)] : [];
        }),
      );
    },
  };
}

interface TakenRow {
  card_id: string;
  definition_id: string;
  count: number;
}

function takenOf(rows: readonly TakenRow[], cardId: CardId, definitionId: RewardDefinitionId) {
  const [card, definition] = [toUuid(cardId), toUuid(definitionId)];
  return rows.find((r) => r.card_id === card && r.definition_id === definition)?.count ?? 0;
}

function presentOffer(
  card: CardInHand,
  { unit }: Program,
  { id, terms }: RewardDefinition,
): ClaimableReward {
  const cost = toLedgerUnits(terms.cost, unit);
  return {
    definitionId: id,
    cardId: card.id,
    name: terms.name,
    benefit: terms.benefit,
    cost: presentAmount(cost, unit),
    affordable: spendable(card.balance, unit) >= cost,
    needsCoupon: terms.couponCodes !== undefined,
  };
}

function isOffered({ storeIds: only }: RewardTerms, storeIds: readonly StoreId[]) {
  return only === undefined || only.some((id) => storeIds.includes(id));
}

/** Read only where a definition asks for a tag. */
async function tagsOf(
  pool: Pool,
  key: { business_id: string; customer_id: string },
  live: readonly RewardDefinition[],
): Promise<string[]> {
  if (!live.some(({ terms }) => terms.customerTags)) return [];
  const rows = await runStatement<{ tag: string }>(pool, definitions.findCustomerTags, [key]);
  return rows.map((row) => row.tag);
}
