import { step } from '../../../domain/earning/explanation.ts';
import type { VoucherOutcome } from '../../../domain/earning/outcome.ts';
import type { BookEntry } from '../../../domain/ledger/book-entry.ts';
import { cardEntry } from '../../../domain/ledger/card-entry.ts';
import { presentReward } from '../../../domain/rewards/present.ts';
import type { RewardContext } from '../../../domain/rewards/life.ts';
import { type UsingSale, useInSale, type VoucherUse } from '../../../domain/rewards/use-in-sale.ts';
import type { IdSource } from '../../../domain/values/ids.ts';
import { localDate } from '../../../domain/values/time.ts';
import type { Envelope } from '../../../queues/envelope.ts';
import { rewardRedeemed } from '../reward-events.ts';

/** Who writes down that a sale used a reward. */
const INTEGRATION = 'system:rewards';

export interface UsedVoucher {
  outcome: VoucherOutcome;
  use: VoucherUse;
  /** What is written beside the sale; null for a voucher that could not be used. */
  entry: BookEntry | null;
}

/**
 * Uses a reward in a sale, as an entry of its own beside the sale's: the reward may be on another
 * card than the one that earns.
 */
export function useVoucher(
  voucherCode: string,
  context: RewardContext | undefined,
  sale: UsingSale,
  made: { message: Pick<Envelope, 'businessId' | 'requestHash' | 'receivedAt'>; ids: IdSource },
): UsedVoucher {
  const use = useInSale(context, sale);
  if (use.kind === 'not-used' || !context) {
    const code = use.kind === 'not-used' ? use.code : 'reward-not-found';
    return { outcome: { voucherCode, used: false, code }, use, entry: null };
  }
  const { card, program } = context;
  const { reward, redemption, change } = use;
  const { message, ids } = made;
  const id = ids.id('txn');
  const { sequence } = change.card;
  const text = `${reward.name} redeemed in ${sale.store.name}, in a sale`;
  const entry = cardEntry({
    id,
    businessId: message.businessId,
    kind: 'reward',
    integration: INTEGRATION,
    externalId: `${sale.transactionId}/${reward.id}`,
    requestHash: message.requestHash,
    storeId: sale.store.id,
    occurredAt: sale.at,
    receivedAt: Date.parse(message.receivedAt),
    businessDate: localDate(sale.at, program.zone),
    originalId: sale.transactionId,
    receipt: { voucherCode },
    outcome: {
      id,
      reward: presentReward(reward, program, sale.at),
      explanation: [step('reward-redeemed', text)],
    },
    change,
    events: [
      rewardRedeemed(reward, redemption, {
        card,
        sequence,
        transactionId: sale.transactionId,
        ids,
      }),
    ],
  });
  return { outcome: { voucherCode, used: true, rewardId: reward.id }, use, entry };
}
