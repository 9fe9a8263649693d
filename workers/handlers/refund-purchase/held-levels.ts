import type { BusinessConfig } from '../../../domain/earning/decide-purchase.ts';
import { versionAt } from '../../../domain/programs/program.ts';
import type { CardJudgement } from '../../../domain/refunds/judgement.ts';
import { type HeldLevel, windowsOfLevel } from '../../../domain/tiers/lose-level.ts';
import type { TierBooks } from '../../../domain/tiers/tier-books.ts';
import type { BusinessId, CardId } from '../../../domain/values/ids.ts';
import type { Instant } from '../../../domain/values/time.ts';

/**
 * What speaks for the levels of the cards on which a sale counted towards one; by the card that
 * carries on. Reads nothing where it counted towards none.
 */
export async function findLevels(
  tiers: TierBooks,
  businessId: BusinessId,
  sale: {
    judgements: readonly CardJudgement[];
    homes: ReadonlyMap<CardId, CardId>;
    config: BusinessConfig;
    at: Instant;
  },
): Promise<Map<CardId, HeldLevel>> {
  const { judgements, homes, config, at } = sale;
  const counting = judgements.flatMap(({ noted, cardId, programId }) => {
    const program = config.programs.find(({ id }) => id === programId);
    const rules = program && versionAt(program, at)?.tiers;
    if (!noted?.countsForLevels || !program || !rules) return [];
    return [{ cardId: homes.get(cardId) ?? cardId, rules, zone: program.zone }];
  });
  if (counting.length === 0) return new Map();
  const histories = await tiers.historyOf(
    businessId,
    counting.map(({ cardId }) => cardId),
  );
  const levels = new Map<CardId, HeldLevel>();
  for (const { cardId, rules, zone } of counting) {
    const history = histories.get(cardId) ?? [];
    const windows = windowsOfLevel(rules, history, { at, zone }).map((w) => ({ cardId, ...w }));
    if (windows.length === 0) continue;
    const reached = await tiers.progressOf(businessId, windows);
    levels.set(cardId, {
      rules,
      history,
      windows: windows.flatMap(({ from, to }, i) => {
        const progress = reached[i];
        return progress ? [{ from, to, progress }] : [];
      }),
    });
  }
  return levels;
}
