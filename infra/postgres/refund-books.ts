import type { Lot } from '../../domain/ledger/lots.ts';
import type { PaidReward, SaleHoldings } from '../../domain/refunds/holdings.ts';
import type { CardJudgement, SaleJudgement } from '../../domain/refunds/judgement.ts';
import type { RefundBooks, WaitingRefund } from '../../domain/refunds/refund-books.ts';
import type { BusinessId, CardId } from '../../domain/values/ids.ts';
import { fromUuid, toUuid } from './ids.ts';
import type { Queryable } from './pool.ts';
import { runStatement } from './statement.ts';
import type { LotRow } from './statements/find-open-lots.ts';
import * as sales from './statements/find-refundable-sales.ts';
import * as holdings from './statements/find-sale-holdings.ts';
import * as waiting from './statements/waiting-refunds.ts';

/** Refunds and their sales, bound to one transaction's connection. */
export function createRefundBooks(client: Queryable): RefundBooks {
  return {
    async findSale(businessId, reference) {
      const business_id = toUuid(businessId);
      const [row] =
        'id' in reference
          ? await runStatement<sales.SaleRow>(client, sales.findSaleById, [
              { business_id, id: toUuid(reference.id) },
            ])
          : await runStatement<sales.SaleRow>(client, sales.findSaleByExternalId, [
              {
                business_id,
                integration: reference.integration,
                external_id: reference.externalId,
              },
            ]);
      if (!row) return undefined;
      return {
        id: fromUuid('txn', row.id),
        externalId: row.external_id,
        storeId: fromUuid('sto', row.store_id),
        customerId: row.customer_id === null ? null : fromUuid('cus', row.customer_id),
        earnedIn: [row.id, row.later_id ?? []].flat().map((id) => fromUuid('txn', id)),
        claimCode: row.claim_code,
        soldAt: row.occurred_at,
        receipt: row.receipt,
        judgement: together(row),
      };
    },

    async findRecorded(businessId, { integration, externalId }) {
      const [row] = await runStatement<sales.RefundRow>(client, sales.findRefund, [
        { business_id: toUuid(businessId), integration, external_id: externalId },
      ]);
      if (!row) return undefined;
      const { id, request_hash: requestHash, outcome } = row;
      return { transactionId: fromUuid('txn', id), requestHash, outcome };
    },

    async loadPast(businessId, saleId) {
      const rows = await runStatement<sales.PastRefundRow>(client, sales.findPastRefunds, [
        { business_id: toUuid(businessId), original_id: toUuid(saleId) },
      ]);
      return rows.map((row) => row.judgement);
    },

    async findHomes(businessId, cardIds) {
      const business_id = toUuid(businessId);
      const wanted = cardIds.map((id) => ({ business_id, id: toUuid(id) }));
      const rows = await runStatement<sales.HomeRow>(client, sales.findHomes, wanted);
      return rows.map((row) => ({
        cardId: fromUuid('crd', row.id),
        home: fromUuid('crd', row.home),
        customerId: fromUuid('cus', row.customer_id),
      }));
    },

    async findSpentPoints(businessId, saleId) {
      const business_id = toUuid(businessId);
      const [row] = await runStatement<sales.SpentPointsRow>(client, sales.findSpentPoints, [
        { business_id, integration: 'system:rewards', external_id: `${saleId}/points` },
      ]);
      if (!row) return undefined;
      const cardId = fromUuid('crd', row.card_id);
      const wanted = row.draws.map(({ lotId }) => ({ business_id, id: toUuid(lotId) }));
      const lots = await runStatement<LotRow>(client, holdings.findLots, wanted);
      return { cardId, draws: row.draws, lots: lots.map(toLot) };
    },

    async findFunding(businessId, { cardId, funding }) {
      const business_id = toUuid(businessId);
      const wanted = funding.map(({ lotId }) => ({ business_id, id: toUuid(lotId) }));
      const lots = await runStatement<LotRow>(client, holdings.findLots, wanted);
      const of = wanted.map((lot) => ({ ...lot, card_id: toUuid(cardId) }));
      const [row] = await runStatement<{ owed: number }>(client, holdings.findOwed, of);
      return { owed: row?.owed ?? 0, lots: lots.map(toLot) };
    },

    loadHoldings: (businessId, judgements) => loadHoldings(client, businessId, judgements),

    async wait(refund) {
      await runStatement(client, waiting.insertWaitingRefunds, [
        {
          business_id: toUuid(refund.businessId),
          job_id: toUuid(refund.jobId),
          integration: refund.integration,
          sale_external_id: refund.saleExternalId,
          message: refund.message,
          received_at: new Date(refund.receivedAt).toISOString(),
        },
      ]);
    },

    async takeWaiting(businessId, jobId) {
      const [row] = await runStatement<waiting.WaitingRefundRow>(
        client,
        waiting.takeWaitingRefunds,
        [{ business_id: toUuid(businessId), job_id: toUuid(jobId) }],
      );
      return row && toWaitingRefund(row);
    },

    async findRipe(businessId, now, limit) {
      const key = {
        business_id: toUuid(businessId),
        now: new Date(now).toISOString(),
        size: limit,
      };
      const rows = await runStatement<waiting.WaitingRefundRow>(client, waiting.findRipeRefunds, [
        key,
      ]);
      return rows.map(toWaitingRefund);
    },

    async settleSaleUnderWay(businessId, { integration, externalId }) {
      await client.query('SAVEPOINT sale_under_way');
      await runStatement(client, waiting.holdSalesPlace, [
        { business_id: toUuid(businessId), integration, external_id: externalId },
      ]);
      await client.query('ROLLBACK TO SAVEPOINT sale_under_way');
    },

    async stopWaiting(businessId, jobId) {
      await runStatement(client, waiting.deleteWaitingRefunds, [
        { business_id: toUuid(businessId), job_id: toUuid(jobId) },
      ]);
    },
  };
}

/** What a sale gave at once, and what it gave later: to whoever claimed it, or when it was released. */
function together(row: sales.SaleRow): SaleJudgement | null {
  const cards = [...(row.judgement?.cards ?? []), ...(row.later_judgement?.cards ?? [])];
  return cards.length > 0 ? { cards } : null;
}

/** A row as the domain sees it. */
export function toWaitingRefund(row: waiting.WaitingRefundRow): WaitingRefund {
  return {
    businessId: fromUuid('biz', row.business_id),
    jobId: fromUuid('job', row.job_id),
    integration: row.integration,
    saleExternalId: row.sale_external_id,
    message: row.message,
    receivedAt: row.received_at,
    dueAt: row.due_at,
  };
}

/** What has become of lots, by card; one lot a card. */
export async function loadHoldings(
  client: Queryable,
  businessId: BusinessId,
  judgements: readonly Pick<CardJudgement, 'cardId' | 'lotId'>[],
): Promise<Map<CardId, SaleHoldings>> {
  const business_id = toUuid(businessId);
  const wanted = judgements.map(({ cardId, lotId }) => ({
    business_id,
    card_id: toUuid(cardId),
    lot_id: lotId,
  }));
  const rewards = await runStatement<holdings.PaidRewardRow>(
    client,
    holdings.findPaidRewards,
    wanted,
  );
  const lotIds = new Set([
    ...judgements.map(({ lotId }) => lotId),
    ...rewards.flatMap((reward) => reward.funding.map(({ lotId }) => lotId)),
  ]);
  const lots = await runStatement<LotRow>(
    client,
    holdings.findLots,
    [...lotIds].map((id) => ({ business_id, id: toUuid(id) })),
  );
  const expired = await runStatement<holdings.ExpiredRow>(client, holdings.findExpired, wanted);
  const found = lots.map(toLot);
  return new Map(
    judgements.map(({ cardId, lotId }) => {
      const paid = rewards.filter((row) => row.card_id === toUuid(cardId)).map(toPaidReward);
      const named = new Set([lotId, ...paid.flatMap(({ funding }) => funding.map((d) => d.lotId))]);
      const holdings: SaleHoldings = {
        expired: expired.find((row) => row.card_id === toUuid(cardId))?.amount ?? 0,
        rewards: paid,
        lots: found.filter(({ id }) => named.has(id)),
      };
      return [cardId, holdings];
    }),
  );
}

function toLot(row: LotRow): Lot {
  return {
    id: fromUuid('lot', row.id),
    cardId: fromUuid('crd', row.card_id),
    earnedAt: row.earned_at,
    expiresAt: row.expires_at,
    ...(row.lapses && { lapses: true }),
    remaining: row.remaining,
  };
}

function toPaidReward(row: holdings.PaidRewardRow): PaidReward {
  return {
    id: fromUuid('rwd', row.id),
    name: row.name,
    code: row.code,
    status: row.status,
    version: row.version,
    cost: row.cost,
    versionNumber: row.version_number,
    funding: row.funding,
    issuedAt: row.issued_at,
    expiresAt: row.expires_at,
    reservation:
      row.reserved_by === null || row.reserved_until === null
        ? null
        : {
            by: row.reserved_by,
            storeId: row.reserved_store_id === null ? null : fromUuid('sto', row.reserved_store_id),
            until: row.reserved_until,
          },
  };
}
