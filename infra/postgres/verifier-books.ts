import type { VerifierBooks } from '../../domain/ledger/verify.ts';
import { fromUuid, toUuid } from './ids.ts';
import type { Queryable } from './pool.ts';
import { runStatement } from './statement.ts';
import * as sql from './statements/verify-ledger.ts';
import { toIso } from '../../domain/values/time.ts';

const LOWEST_ID = '00000000-0000-0000-0000-000000000000';
/** The verifier's reads and notes, bound to one transaction's connection. */
export function createVerifierBooks(client: Queryable): VerifierBooks {
  return {
    async sumCards(businessId, { after, limit }) {
      const rows = await runStatement<sql.CardSumsRow>(client, sql.sumCards, [
        {
          business_id: toUuid(businessId),
          after_id: after === undefined ? LOWEST_ID : toUuid(after),
          max_rows: limit,
        },
      ]);
      return rows.map(({ id, in_lots, ...sums }) => ({
        cardId: fromUuid('crd', id),
        ...sums,
        inLots: in_lots,
      }));
    },

    async noteDifferences(businessId, at, differences) {
      const rows = differences.map(({ cardId, ...difference }) => ({
        business_id: toUuid(businessId),
        card_id: toUuid(cardId),
        ...difference,
        at: toIso(at),
      }));
      await runStatement(client, sql.noteDifferences, rows);
    },

    async noteCheck(businessId, { startedAt, finishedAt, cards, differences }) {
      await runStatement(client, sql.noteCheck, [
        {
          business_id: toUuid(businessId),
          started_at: toIso(startedAt),
          finished_at: toIso(finishedAt),
          cards,
          differences,
        },
      ]);
    },
  };
}
