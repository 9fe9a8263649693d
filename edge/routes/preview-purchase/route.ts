import {
  type BusinessConfig,
  decidePurchase,
  type KnownCustomer,
} from '../../../domain/earning/decide-purchase.ts';
import {
  payWithPoints,
  presentSpending,
  withCard,
} from '../../../domain/earning/pay-with-points.ts';
import { FactsSoFar } from '../../../domain/earning/facts-so-far.ts';
import { presentOutcome, type VoucherOutcome } from '../../../domain/earning/outcome.ts';
import type {
  CustomerReference,
  LoadedPurchases,
  PurchaseQuery,
  PurchaseReader,
} from '../../../domain/earning/purchase-store.ts';
import { purchaseReference } from '../../../domain/offers/contribution.ts';
import { feedPurchase } from '../../../domain/offers/feed-purchase.ts';
import { useInSale, type UsingSale, voucherCodesOf } from '../../../domain/rewards/use-in-sale.ts';
import type { BusinessId, IdSource } from '../../../domain/values/ids.ts';
import type { Instant } from '../../../domain/values/time.ts';
import {
  recordPurchase,
  type RecordPurchaseBody,
} from '../../../queues/commands/record-purchase.ts';
import type { SetupReader } from '../../ports.ts';
import { Problem } from '../../problems.ts';
import { checkReceipt } from '../../receipt-check.ts';
import type { RotatingCodes } from '../../rotating-codes.ts';
import { defineRoute } from '../../route.ts';
import { transactionResultSchema } from '../../schemas.ts';

/** `POST /v1/pos/transactions/preview`: the same judgement as for a sale, and nothing is kept. */
export function previewPurchaseRoute(deps: {
  reader: PurchaseReader;
  setup: SetupReader;
  ids: IdSource;
  codes: RotatingCodes;
  now: () => Instant;
}) {
  async function findReference(
    { customer, occurredAt }: RecordPurchaseBody,
    businessId: BusinessId,
  ): Promise<CustomerReference | null> {
    if (customer?.qr === undefined) return toReference(customer);
    const showing = { businessId, at: Date.parse(occurredAt) };
    return { kind: 'cardCode', value: await deps.codes.look(customer.qr, showing) };
  }

  return defineRoute({
    name: 'preview-purchase',
    method: 'post',
    path: '/v1/pos/transactions/preview',
    tag: 'POS',
    summary: 'What would this sale earn?',
    description: 'The outcome with its explanation. Nothing is stored; ids in it are made up.',
    scope: 'transactions:read',
    body: recordPurchase.body,
    responses: { 200: { description: 'What it would earn.', schema: transactionResultSchema } },
    async handle({ body, principal }) {
      await checkReceipt(body, principal, deps.setup);
      const id = deps.ids.id('txn');
      const voucherCodes = voucherCodesOf(body);
      const query: PurchaseQuery = {
        businessId: principal.businessId,
        jobId: deps.ids.id('job'),
        integration: principal.integration,
        externalId: body.externalId,
        storeId: body.storeId,
        occurredAt: Date.parse(body.occurredAt),
        staffId: body.staffId,
        customer: await findReference(body, principal.businessId),
        ...(voucherCodes.length > 0 && { voucherCodes }),
      };
      const loaded = await deps.reader.load([query]);
      const config = loaded.purchases[0]?.config;
      if (!config) throw new Problem('not-found');
      const known = toCustomer(query, loaded);
      const command = { ...body, occurredAt: query.occurredAt, receivedAt: deps.now() };
      const payment = payWithPoints(command, config, known);
      const customer = payment.kind === 'paid' ? withCard(known, payment.change.card) : known;
      const cards = customer.kind === 'known' ? customer.cards : [];
      const earnings = new Map(
        cards.map((card) => [card.programId, loaded.earnings.get(card.id) ?? []]),
      );
      const facts = new FactsSoFar(loaded.facts).factsOf({
        ordinal: 0,
        businessId: query.businessId,
        customerId: customer.kind === 'known' ? customer.id : null,
        occurredAt: query.occurredAt,
      });
      const decided = decidePurchase(command, { config, customer, earnings, facts }, deps.ids);
      if (decided.kind === 'refused') throw new Problem(decided.code);
      if (payment.kind === 'refused') throw new Problem(payment.code);
      const sale = { id, reference: purchaseReference(query) };
      const { decision } = feedPurchase(decided, loaded.offers, sale, deps.ids);
      const by = `integration:${principal.integration}`;
      const isInReview = decision.status === 'review';
      const using = { transactionId: id, store: decision.purchase.store, isInReview };
      const vouchers = voucherCodes.map((code) =>
        tryVoucher(code, { loaded, config }, { ...using, at: query.occurredAt, by }),
      );
      const transaction = {
        ...presentOutcome(decision, { id, externalId: body.externalId }),
        ...(vouchers.length > 0 && { vouchers }),
        ...(payment.kind === 'paid' && { pointsSpent: presentSpending(payment) }),
      };
      return { status: 200, body: { transaction } };
    },
  });
}

/** What would become of a voucher; each by itself, since a sale names a reward once. */
function tryVoucher(
  voucherCode: string,
  { loaded, config }: { loaded: LoadedPurchases; config: BusinessConfig },
  sale: UsingSale,
): VoucherOutcome {
  const reward = loaded.vouchers.find(({ code }) => code === voucherCode);
  const card = loaded.cards.find(({ id }) => id === reward?.cardId);
  const program = config.programs.find(({ id }) => id === card?.programId);
  const context = reward && card && program ? { reward, card, program } : undefined;
  const use = useInSale(context, sale);
  if (use.kind === 'not-used') return { voucherCode, used: false, code: use.code };
  return { voucherCode, used: true, rewardId: use.reward.id };
}

function toReference(customer: RecordPurchaseBody['customer']): CustomerReference | null {
  if (customer?.cardCode) return { kind: 'cardCode', value: customer.cardCode };
  if (customer?.customerId) return { kind: 'customerId', value: customer.customerId };
  if (customer?.phone) return { kind: 'phone', value: customer.phone };
  if (customer?.email) return { kind: 'email', value: customer.email };
  return null;
}

function toCustomer(query: PurchaseQuery, loaded: LoadedPurchases): KnownCustomer {
  if (!query.customer) return { kind: 'anonymous' };
  const id = loaded.purchases[0]?.customerId;
  // A voucher may be somebody else's, whose cards are there as well.
  const cards = loaded.cards.filter((card) => card.customerId === id);
  if (id) return { kind: 'known', id, cards };
  const { kind } = query.customer;
  return kind === 'phone' || kind === 'email'
    ? { kind: 'new-contact' }
    : { kind: 'unknown', reference: kind };
}
