import type { Card } from '../../domain/ledger/card.ts';
import type { Lot } from '../../domain/ledger/lots.ts';
import type { ProgramVersion } from '../../domain/programs/program.ts';
import type { Configs } from './config-cache.ts';
import { fromUuid } from './ids.ts';
import type { Queryable } from './pool.ts';
import { runStatement } from './statement.ts';
import { findOpenLots, type LotRow } from './statements/find-open-lots.ts';
import type { CardRow } from './statements/select-cards.ts';

/** A card's row as the domain sees it. */
export function toCard(row: CardRow, lots: readonly Lot[]): Card {
  return {
    id: fromUuid('crd', row.id),
    programId: fromUuid('prg', row.program_id),
    customerId: fromUuid('cus', row.customer_id),
    code: row.code,
    status: row.status,
    balance: row.balance,
    debt: row.debt,
    sequence: row.sequence,
    versionNumber: row.version_number,
    activeUntil: row.active_until,
    lots,
  };
}

/** Lots that still hold something, by the card's uuid. */
export async function loadOpenLots(
  client: Queryable,
  cards: readonly CardRow[],
): Promise<Map<string, Lot[]>> {
  const rows = await runStatement<LotRow>(client, findOpenLots, cards.map(cardKey));
  const activeUntil = new Map(cards.map((card) => [card.id, card.active_until]));
  const lotsByCard = new Map<string, Lot[]>();
  for (const row of rows) {
    const lots = lotsByCard.get(row.card_id) ?? [];
    lots.push({
      id: fromUuid('lot', row.id),
      cardId: fromUuid('crd', row.card_id),
      earnedAt: row.earned_at,
      expiresAt: row.lapses ? (activeUntil.get(row.card_id) ?? null) : row.expires_at,
      ...(row.lapses && { lapses: true }),
      remaining: row.remaining,
    });
    lotsByCard.set(row.card_id, lots);
  }
  return lotsByCard;
}

/** What a statement finds a card by. */
export function cardKey(card: CardRow) {
  return { business_id: card.business_id, card_id: card.id };
}

/** Whether any version of the card's program is like that. */
export function hasVersion(
  card: CardRow,
  configs: Configs,
  matches: (version: ProgramVersion) => boolean,
): boolean {
  return versionsOf(card, configs).some(matches);
}

/** The versions of the card's program; none for one that is unknown. */
export function versionsOf(card: CardRow, configs: Configs): readonly ProgramVersion[] {
  const config = configs.get(fromUuid('biz', card.business_id));
  const programId = fromUuid('prg', card.program_id);
  return config?.programs.find((p) => p.id === programId)?.versions ?? [];
}
