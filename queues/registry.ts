import type { z } from 'zod';
import { adjustCard } from './commands/adjust-card.ts';
import { createStaff } from './commands/create-staff.ts';
import { updateStaff } from './commands/update-staff.ts';
import { removeStaff } from './commands/remove-staff.ts';
import { createBusiness } from './commands/create-business.ts';
import { createBrand } from './commands/create-brand.ts';
import { backtestVersion } from './commands/backtest-version.ts';
import { createRewardDefinition } from './commands/create-reward-definition.ts';
import { updateRewardDefinition } from './commands/update-reward-definition.ts';
import { publishRewardDefinition } from './commands/publish-reward-definition.ts';
import { pauseRewardDefinition } from './commands/pause-reward-definition.ts';
import { endRewardDefinition } from './commands/end-reward-definition.ts';
import { expireRewards } from './commands/expire-rewards.ts';
import { releaseReservations } from './commands/release-reservations.ts';
import { expireLots } from './commands/expire-lots.ts';
import { joinBusiness } from './commands/join-business.ts';
import { awardStamps } from './commands/award-stamps.ts';
import { undoAward } from './commands/undo-award.ts';
import { linkStaff } from './commands/link-staff.ts';
import { createPromotion } from './commands/create-promotion.ts';
import { updatePromotion } from './commands/update-promotion.ts';
import { publishPromotion } from './commands/publish-promotion.ts';
import { pausePromotion } from './commands/pause-promotion.ts';
import { endTierPeriods } from './commands/end-tier-periods.ts';
import { endPromotion } from './commands/end-promotion.ts';
import { recordPurchase } from './commands/record-purchase.ts';
import { updateBusiness } from './commands/update-business.ts';
import { createStore } from './commands/create-store.ts';
import { updateStore } from './commands/update-store.ts';
import { deactivateStore } from './commands/deactivate-store.ts';
import { reactivateStore } from './commands/reactivate-store.ts';
import { createApiKey } from './commands/create-api-key.ts';
import { revokeApiKey } from './commands/revoke-api-key.ts';
import { createProgram } from './commands/create-program.ts';
import { updateProgram } from './commands/update-program.ts';
import { pauseProgram } from './commands/pause-program.ts';
import { resumeProgram } from './commands/resume-program.ts';
import { archiveProgram } from './commands/archive-program.ts';
import { draftVersion } from './commands/draft-version.ts';
import { publishVersion } from './commands/publish-version.ts';
import { expireWaitingRefunds } from './commands/expire-waiting-refunds.ts';
import { refundPurchase } from './commands/refund-purchase.ts';
import { settleException } from './commands/settle-exception.ts';
import { updateBrand } from './commands/update-brand.ts';
import { setBrandLogo } from './commands/set-brand-logo.ts';
import { removeBrandLogo } from './commands/remove-brand-logo.ts';
import { createOffer } from './commands/create-offer.ts';
import { endOffer } from './commands/end-offer.ts';
import { giveBirthdayRewards } from './commands/give-birthday-rewards.ts';
import { giveOffer } from './commands/give-offer.ts';
import { giveOffers } from './commands/give-offers.ts';
import { updateOffer } from './commands/update-offer.ts';
import { cancelReward } from './commands/cancel-reward.ts';
import { claimReward } from './commands/claim-reward.ts';
import { redeemReward } from './commands/redeem-reward.ts';
import { reserveReward } from './commands/reserve-reward.ts';
import { reverseReward } from './commands/reverse-reward.ts';
import { approveRequest } from './commands/approve-request.ts';
import { rejectRequest } from './commands/reject-request.ts';
import { blockCard } from './commands/block-card.ts';
import { unblockCard } from './commands/unblock-card.ts';
import { verifyLedger } from './commands/verify-ledger.ts';
import { createCustomer } from './commands/create-customer.ts';
import { mergeCustomers } from './commands/merge-customers.ts';
import { exportCustomer } from './commands/export-customer.ts';
import { importCustomers } from './commands/import-customers.ts';
import { makeReport } from './commands/make-report.ts';
import { makeWeeklyReport } from './commands/make-weekly-report.ts';
import { exportBusiness } from './commands/export-business.ts';
import { eraseCustomer } from './commands/erase-customer.ts';
import { unmergeCustomers } from './commands/unmerge-customers.ts';
import { claimReceipt } from './commands/claim-receipt.ts';
import { openCard } from './commands/open-card.ts';
import { noteOperation } from './commands/note-operation.ts';
import { tagCustomer } from './commands/tag-customer.ts';
import { untagCustomer } from './commands/untag-customer.ts';
import { updateCustomer } from './commands/update-customer.ts';
import { createWebhookEndpoint } from './commands/create-webhook-endpoint.ts';
import { updateWebhookEndpoint } from './commands/update-webhook-endpoint.ts';
import { removeWebhookEndpoint } from './commands/remove-webhook-endpoint.ts';
import { rotateWebhookSecret } from './commands/rotate-webhook-secret.ts';
import { testWebhookEndpoint } from './commands/test-webhook-endpoint.ts';
import { resendWebhook } from './commands/resend-webhook.ts';
import { replayWebhooks } from './commands/replay-webhooks.ts';
import { forgetMails } from './commands/forget-mails.ts';
import { forgetWebhookDeliveries } from './commands/forget-webhook-deliveries.ts';
import { announceExpiries } from './commands/announce-expiries.ts';
import { chooseMail } from './commands/choose-mail.ts';
import { refuseMail } from './commands/refuse-mail.ts';
import { reportWeek } from './commands/report-week.ts';

/** Every command there is. Handlers are total over this at compile time and at boot. */
export const commands = {
  [recordPurchase.name]: recordPurchase,
  [adjustCard.name]: adjustCard,
  [linkStaff.name]: linkStaff,
  [awardStamps.name]: awardStamps,
  [undoAward.name]: undoAward,
  [joinBusiness.name]: joinBusiness,
  [createBrand.name]: createBrand,
  [createStaff.name]: createStaff,
  [updateStaff.name]: updateStaff,
  [removeStaff.name]: removeStaff,
  [createBusiness.name]: createBusiness,
  [updateBrand.name]: updateBrand,
  [setBrandLogo.name]: setBrandLogo,
  [removeBrandLogo.name]: removeBrandLogo,
  [backtestVersion.name]: backtestVersion,
  [createOffer.name]: createOffer,
  [updateOffer.name]: updateOffer,
  [endOffer.name]: endOffer,
  [giveOffer.name]: giveOffer,
  [giveOffers.name]: giveOffers,
  [updateBusiness.name]: updateBusiness,
  [createStore.name]: createStore,
  [updateStore.name]: updateStore,
  [deactivateStore.name]: deactivateStore,
  [reactivateStore.name]: reactivateStore,
  [createApiKey.name]: createApiKey,
  [revokeApiKey.name]: revokeApiKey,
  [createProgram.name]: createProgram,
  [updateProgram.name]: updateProgram,
  [pauseProgram.name]: pauseProgram,
  [resumeProgram.name]: resumeProgram,
  [archiveProgram.name]: archiveProgram,
  [draftVersion.name]: draftVersion,
  [publishVersion.name]: publishVersion,
  [claimReward.name]: claimReward,
  [reserveReward.name]: reserveReward,
  [redeemReward.name]: redeemReward,
  [cancelReward.name]: cancelReward,
  [reverseReward.name]: reverseReward,
  [createRewardDefinition.name]: createRewardDefinition,
  [updateRewardDefinition.name]: updateRewardDefinition,
  [publishRewardDefinition.name]: publishRewardDefinition,
  [pauseRewardDefinition.name]: pauseRewardDefinition,
  [endRewardDefinition.name]: endRewardDefinition,
  [approveRequest.name]: approveRequest,
  [rejectRequest.name]: rejectRequest,
  [blockCard.name]: blockCard,
  [unblockCard.name]: unblockCard,
  [expireLots.name]: expireLots,
  [expireRewards.name]: expireRewards,
  [releaseReservations.name]: releaseReservations,
  [verifyLedger.name]: verifyLedger,
  [giveBirthdayRewards.name]: giveBirthdayRewards,
  [announceExpiries.name]: announceExpiries,
  [reportWeek.name]: reportWeek,
  [refuseMail.name]: refuseMail,
  [chooseMail.name]: chooseMail,
  [createCustomer.name]: createCustomer,
  [updateCustomer.name]: updateCustomer,
  [tagCustomer.name]: tagCustomer,
  [untagCustomer.name]: untagCustomer,
  [openCard.name]: openCard,
  [refundPurchase.name]: refundPurchase,
  [expireWaitingRefunds.name]: expireWaitingRefunds,
  [settleException.name]: settleException,
  [createPromotion.name]: createPromotion,
  [updatePromotion.name]: updatePromotion,
  [publishPromotion.name]: publishPromotion,
  [pausePromotion.name]: pausePromotion,
  [endTierPeriods.name]: endTierPeriods,
  [endPromotion.name]: endPromotion,
  [claimReceipt.name]: claimReceipt,
  [mergeCustomers.name]: mergeCustomers,
  [unmergeCustomers.name]: unmergeCustomers,
  [eraseCustomer.name]: eraseCustomer,
  [exportBusiness.name]: exportBusiness,
  [makeReport.name]: makeReport,
  [makeWeeklyReport.name]: makeWeeklyReport,
  [importCustomers.name]: importCustomers,
  [exportCustomer.name]: exportCustomer,
  [createWebhookEndpoint.name]: createWebhookEndpoint,
  [updateWebhookEndpoint.name]: updateWebhookEndpoint,
  [removeWebhookEndpoint.name]: removeWebhookEndpoint,
  [rotateWebhookSecret.name]: rotateWebhookSecret,
  [testWebhookEndpoint.name]: testWebhookEndpoint,
  [resendWebhook.name]: resendWebhook,
  [replayWebhooks.name]: replayWebhooks,
  [forgetMails.name]: forgetMails,
  [forgetWebhookDeliveries.name]: forgetWebhookDeliveries,
  [noteOperation.name]: noteOperation,
} as const;

export type CommandName = keyof typeof commands;
export type PayloadOf<Name extends CommandName> = z.output<(typeof commands)[Name]['payload']>;
