import { expireLots, expiryStep } from '../../domain/expiry/expire.ts';
import { type AsOfBy, balanceAsOf, type CardRecords } from '../../domain/ledger/as-of.ts';
import type { Card } from '../../domain/ledger/card.ts';
import type { Program } from '../../domain/programs/program.ts';
import type { BusinessId, CardId, LotId, TransactionId } from '../../domain/values/ids.ts';
import type { Instant } from '../../domain/values/time.ts';
import type { createConfigCache } from './config-cache.ts';
import { type FindDocuments, fillOutcomes } from './documents.ts';
import { fromUuid, toUuid } from './ids.ts';
import { loadOpenLots, toCard } from './cards.ts';
import type { Queryable } from './pool.ts';
import { runStatement } from './statement.ts';
import * as sql from './statements/read-card.ts';
import type { CardRow } from './statements/select-cards.ts';

type ReadRow = CardRow & { opened_at: number; draws: sql.DrawJson[] };

/** A card as it is shown: what has expired is not on it any more, swept or not. */
export interface CardPage {
  card: Card;
  program: Program;
  openedAt: Instant;
  /** As it was, where that was asked for; ledger units. */
  balanceThen: number | undefined;
}

/** One line of a card's history; amounts in ledger units. */
export interface HistoryLine {
  /** Null for what has expired and waits for its posting. */
  id: TransactionId | null;
  /** Where the next page goes on behind this line. */
  position: string;
  kind: string;
  change: number;
  debtChange: number;
  balance: number;
  occurredAt: Instant;
  recordedAt: Instant | null;
  store: { id: string; name: string; zone: string } | null;
  externalId: string | null;
  reason: string | null;
  explanation: readonly { code: string; text: string }[];
}

/** Positions of lines that have no transaction yet. */
const WAITING = 'waiting-';

/** Single cards for those who may only read. */
export function createCardPages(options: {
  pool: Queryable;
  loadConfigs: ReturnType<typeof createConfigCache>;
  /** Where explanations lie; absent: in the books. */
  documents?: FindDocuments | undefined;
  now: () => Instant;
}) {
  const { pool, loadConfigs, documents, now } = options;

  async function read(businessId: BusinessId, cardId: CardId, withDraws: boolean) {
    const [row] = await runStatement<ReadRow>(pool, sql.readCard, [
      { business_id: toUuid(businessId), id: toUuid(cardId), with_draws: withDraws },
    ]);
    if (!row) return undefined;
    const lots = await loadOpenLots(pool, [row]);
    const card = toCard(row, lots.get(row.id) ?? []);
    const config = (await loadConfigs(pool, [businessId])).get(businessId);
    const program = config?.programs.find((p) => p.id === card.programId);
    if (!program) throw new Error(`no program ${card.programId}`);
    return { row, card, program };
  }

  async function records(businessId: BusinessId, row: ReadRow, card: Card): Promise<CardRecords> {
    const drawn = row.draws.flatMap(({ draws }) => draws.map(({ lotId }) => lotId as LotId));
    const ids = new Set([...card.lots.map((lot) => lot.id), ...drawn]);
    const business_id = toUuid(businessId);
    const wanted = [...ids].map((id) => ({ business_id, id: toUuid(id) }));
    const lots = await runStatement<sql.LotRecordRow>(pool, sql.readLots, wanted);
    return {
      activeUntil: card.activeUntil,
      lots: lots.map((lot) => ({
        id: fromUuid('lot', lot.id),
        amount: lot.amount,
        expiresAt: lot.expires_at,
        lapses: lot.lapses,
        occurredAt: lot.occurred_at,
        recordedAt: lot.recorded_at,
      })),
      draws: row.draws.map((draw) => ({
        sign: draw.isOut ? 1 : -1,
        isExpiry: draw.isExpiry,
        occurredAt: Date.parse(draw.occurredAt),
        recordedAt: Date.parse(draw.recordedAt),
        draws: draw.draws.map(({ lotId, amount }) => ({ lotId: lotId as LotId, amount })),
      })),
    };
  }

  return {
    /** A card as it is now and, where asked for, its balance as of an instant. */
    async findCard(
      businessId: BusinessId,
      cardId: CardId,
      asOf?: { at: Instant; by: AsOfBy },
    ): Promise<CardPage | undefined> {
      const found = await read(businessId, cardId, asOf !== undefined);
      if (!found) return undefined;
      const { row, card, program } = found;
      return {
        card: expireLots(card, now()).card,
        program,
        openedAt: row.opened_at,
        balanceThen: asOf && balanceAsOf(await records(businessId, row, card), asOf),
      };
    },

    /**
     * What moved on a card, newest first. The first page begins with what has expired and waits for
     * its posting, so that the lines always sum to the balance that is shown.
     */
    async cardHistory(
      businessId: BusinessId,
      cardId: CardId,
      page: { after: string | undefined; limit: number },
    ): Promise<{ program: Program; lines: HistoryLine[] } | undefined> {
      const found = await read(businessId, cardId, false);
      if (!found) return undefined;
      const { card, program } = found;
      const { after = `${WAITING}-1` } = page;
      const before = after.startsWith(WAITING) ? null : toUuid(after as TransactionId);
      const rows = await runStatement<sql.HistoryRow>(pool, sql.readCardHistory, [
        {
          business_id: toUuid(businessId),
          id: toUuid(cardId),
          before,
          max_rows: page.limit,
          with_outcome: documents === undefined,
        },
      ]);
      const explained = await fillOutcomes(documents, businessId, rows);
      const lines = explained.map((row) => toLine(row, cardId));
      const waiting =
        before === null
          ? waitingLines(card, program, now()).slice(Number(after.slice(WAITING.length)) + 1)
          : [];
      return { program, lines: [...waiting, ...lines].slice(0, page.limit) };
    },
  };
}

function toLine(row: sql.HistoryRow, cardId: CardId): HistoryLine {
  const { outcome } = row;
  const ofCard = outcome.cards?.find((card) => card.cardId === cardId);
  const id = fromUuid('txn', row.id);
  return {
    id,
    position: id,
    kind: row.kind,
    change: row.change,
    debtChange: row.debt_change,
    balance: row.balance,
    occurredAt: row.occurred_at,
    recordedAt: row.recorded_at,
    store:
      row.store_id === null
        ? null
        : {
            id: fromUuid('sto', row.store_id),
            name: row.store_name ?? '',
            zone: row.store_zone ?? '',
          },
    externalId: row.kind === 'purchase' || row.kind === 'refund' ? row.external_id : null,
    reason: outcome.reason ?? null,
    explanation: ofCard?.explanation ?? outcome.explanation ?? [],
  };
}

function waitingLines(card: Card, program: Program, now: Instant): HistoryLine[] {
  return expireLots(card, now)
    .expiries.toReversed()
    .map((expiry, i) => ({
      id: null,
      position: `${WAITING}${i}`,
      kind: 'expiry',
      change: -expiry.amount,
      debtChange: 0,
      balance: expiry.change.card.balance,
      occurredAt: expiry.expiredAt,
      recordedAt: null,
      store: null,
      externalId: null,
      reason: null,
      explanation: [expiryStep(expiry, program)],
    }));
}
