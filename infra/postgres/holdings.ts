import { isUsable } from '../../domain/rewards/reward.ts';
import type { BusinessId, CardId, CustomerId, ProgramId } from '../../domain/values/ids.ts';
import type { Instant } from '../../domain/values/time.ts';
import { toLedgerUnits } from '../../domain/values/units.ts';
import type { createConfigCache } from './config-cache.ts';
import { fromUuid, toUuid } from './ids.ts';
import type { Queryable } from './pool.ts';
import { runStatement } from './statement.ts';
import { type HoldingRow, readHoldings } from './statements/read-holdings.ts';

/** What a customer holds: ids, codes and amounts, and nothing about the person. */
export interface Holdings {
  cards: {
    id: CardId;
    code: string;
    programId: ProgramId;
    programName: string;
    unit: 'stamp' | 'point';
    status: 'active' | 'blocked' | 'closed';
    /** Of the card's last event. */
    sequence: number;
    /** Ledger units, less what has expired. */
    balance: number;
    /** Ledger units the next reward costs; null where none is minted by itself. */
    target: number | null;
    /** What will be gone unless it is spent before, the soonest first; ledger units. */
    expiring: { amount: number; expiresAt: string }[];
  }[];
  /** Those that can be used now. */
  rewards: {
    id: string;
    cardId: CardId;
    code: string;
    name: string;
    benefit: unknown;
    expiresAt: string | null;
  }[];
}

const MAX_EXPIRING = 5;

/**
 * Reads what a customer holds now.
 * @returns with it, until when it stays so if nobody does anything; null is for ever
 */
export async function findHoldings(
  options: { pool: Queryable; loadConfigs: ReturnType<typeof createConfigCache>; now: Instant },
  businessId: BusinessId,
  customerId: CustomerId,
): Promise<{ value: Holdings; holdsUntil: Instant | null }> {
  const { pool, loadConfigs, now } = options;
  const wanted = { business_id: toUuid(businessId), customer_id: toUuid(customerId) };
  const [rows, configs] = await Promise.all([
    runStatement<HoldingRow>(pool, readHoldings, [wanted]),
    loadConfigs(pool, [businessId]),
  ]);
  const programs = configs.get(businessId)?.programs ?? [];
  const changes: Instant[] = [];
  const later = (text: string | null) => {
    const at = text === null ? null : Date.parse(text);
    if (at !== null && at > now) changes.push(at);
    return at;
  };
  const value: Holdings = {
    cards: rows.map(({ lots, ...row }) => {
      const program = programs.find((p) => p.id === fromUuid('prg', row.program_id));
      const version = program?.versions.find((v) => v.number === row.version_number);
      const cost = version?.autoReward?.cost;
      const ends = (lots ?? []).map((lot) => ({ ...lot, at: later(lot.expiresAt) ?? 0 }));
      const expired = ends.filter(({ at }) => at <= now).map(({ amount }) => amount);
      return {
        id: fromUuid('crd', row.id),
        code: row.code,
        programId: fromUuid('prg', row.program_id),
        programName: program?.name ?? '',
        unit: program?.unit ?? 'stamp',
        status: row.status,
        sequence: row.sequence,
        balance: row.balance - expired.reduce((sum, amount) => sum + amount, 0),
        target: program && cost !== undefined ? toLedgerUnits(cost, program.unit) : null,
        expiring: ends
          .filter(({ at }) => at > now)
          .slice(0, MAX_EXPIRING)
          .map(({ amount, at }) => ({ amount, expiresAt: new Date(at).toISOString() })),
      };
    }),
    rewards: rows.flatMap((row) =>
      (row.rewards ?? []).flatMap(({ status, reservedUntil, expiresAt, ...reward }) => {
        const until = later(reservedUntil);
        const end = later(expiresAt);
        const reservation = until === null ? null : { by: '', storeId: null, until };
        if (!isUsable({ status, expiresAt: end, reservation }, now)) return [];
        return [
          {
            id: fromUuid('rwd', reward.id),
            cardId: fromUuid('crd', row.id),
            code: reward.code,
            name: reward.name,
            benefit: reward.benefit,
            expiresAt: end === null ? null : new Date(end).toISOString(),
          },
        ];
      }),
    ),
  };
  return { value, holdsUntil: changes.length === 0 ? null : Math.min(...changes) };
}
