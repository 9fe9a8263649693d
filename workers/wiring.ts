import { setImmediate, setTimeout as sleep } from 'node:timers/promises';
import type { Pool, PoolClient } from 'pg';
import type { Logger } from 'pino';
import type { DrawLogo } from '../domain/tenancy/logo.ts';
import { idSource } from '../infra/ids/id-source.ts';
import { createCommandStore } from '../infra/postgres/command-store.ts';
import { createConfigCache } from '../infra/postgres/config-cache.ts';
import { createExpiryBooks } from '../infra/postgres/expiry-books.ts';
import { createAnnouncements } from '../infra/postgres/announcements.ts';
import { createBirthdayBooks } from '../infra/postgres/birthday-books.ts';
import { createFraudBooks } from '../infra/postgres/fraud-books.ts';
import { createCustomers } from '../infra/postgres/customers.ts';
import { createFacts } from '../infra/postgres/facts.ts';
import { createCounterBooks } from '../infra/postgres/counter-books.ts';
import { createIdentities } from '../infra/postgres/identities.ts';
import { createExceptionBooks } from '../infra/postgres/exception-books.ts';
import { createLedgerBooks } from '../infra/postgres/ledger-books.ts';
import { createOfferBooks } from '../infra/postgres/offer-books.ts';
import { createSetup } from '../infra/postgres/organisation-store.ts';
import { createPromotionBooks } from '../infra/postgres/promotion-books.ts';
import { createTierBooks } from '../infra/postgres/tier-books.ts';
import { createReceipts } from '../infra/postgres/receipts.ts';
import { readCsv } from '../infra/csv/read-csv.ts';
import { createImportBooks } from '../infra/postgres/imports.ts';
import { createFiguresReader } from '../infra/postgres/analytics/reader.ts';
import { createReports, findStoreName } from '../infra/postgres/reports.ts';
import { createBusinessArchive, createExports } from '../infra/postgres/business-archive.ts';
import { createErasure } from '../infra/postgres/erasure.ts';
import { createOperationLog } from '../infra/postgres/operation-log.ts';
import { createMerges } from '../infra/postgres/merges.ts';
import { createPurchaseStore } from '../infra/postgres/purchase-store.ts';
import { createRewardBooks } from '../infra/postgres/reward-books.ts';
import { createApprovals } from '../infra/postgres/approvals.ts';
import { createCardStatuses } from '../infra/postgres/card-statuses.ts';
import { createVerifierBooks } from '../infra/postgres/verifier-books.ts';
import { createRefundBooks } from '../infra/postgres/refund-books.ts';
import { createReadWeek } from '../infra/postgres/week-figures.ts';
import { inBusinesses } from '../infra/postgres/tenant.ts';
import { createWebhookBooks } from '../infra/postgres/webhook-books.ts';
import type { FileStore } from '../domain/files/file-store.ts';
import type { ContactSealer } from '../queues/contact.ts';
import type { Envelope } from '../queues/envelope.ts';
import type { PersonalSealer } from '../queues/personal.ts';
import { createProgramHistory } from '../infra/postgres/program-history.ts';
import type { TellProgress } from '../infra/redis/job-progress.ts';
import { createBacktestVersionHandler } from './handlers/backtest-version/backtest-version.ts';
import { createAnnounceExpiriesHandler } from './handlers/announce-expiries/announce-expiries.ts';
import { createChooseMailHandler } from './handlers/choose-mail/choose-mail.ts';
import { createRefuseMailHandler } from './handlers/refuse-mail/refuse-mail.ts';
import { createReportWeekHandler } from './handlers/report-week/report-week.ts';
import { createAdjustCardHandler } from './handlers/adjust-card/adjust-card.ts';
import { createCreateStaffHandler } from './handlers/create-staff/create-staff.ts';
import { createUpdateStaffHandler } from './handlers/update-staff/update-staff.ts';
import { createRemoveStaffHandler } from './handlers/remove-staff/remove-staff.ts';
import { createCreateBusinessHandler } from './handlers/create-business/create-business.ts';
import { createCreateBrandHandler } from './handlers/create-brand/create-brand.ts';
import { createCreateOfferHandler } from './handlers/create-offer/create-offer.ts';
import { createEndOfferHandler } from './handlers/end-offer/end-offer.ts';
import { createGiveBirthdayRewardsHandler } from './handlers/give-birthday-rewards/give-birthday-rewards.ts';
import { createGiveOfferHandler } from './handlers/give-offer/give-offer.ts';
import { createGiveOffersHandler } from './handlers/give-offers/give-offers.ts';
import { createUpdateOfferHandler } from './handlers/update-offer/update-offer.ts';
import { createCreateRewardDefinitionHandler } from './handlers/create-reward-definition/create-reward-definition.ts';
import { createUpdateRewardDefinitionHandler } from './handlers/update-reward-definition/update-reward-definition.ts';
import { createPublishRewardDefinitionHandler } from './handlers/publish-reward-definition/publish-reward-definition.ts';
import { createPauseRewardDefinitionHandler } from './handlers/pause-reward-definition/pause-reward-definition.ts';
import { createEndRewardDefinitionHandler } from './handlers/end-reward-definition/end-reward-definition.ts';
import { createExpireRewardsHandler } from './handlers/expire-rewards/expire-rewards.ts';
import { createReleaseReservationsHandler } from './handlers/release-reservations/release-reservations.ts';
import { createExpireLotsHandler } from './handlers/expire-lots/expire-lots.ts';
import { withoutExpired } from './handlers/expiry-entries.ts';
import { createCreateCustomerHandler } from './handlers/create-customer/create-customer.ts';
import { createCreatePromotionHandler } from './handlers/create-promotion/create-promotion.ts';
import { createUpdatePromotionHandler } from './handlers/update-promotion/update-promotion.ts';
import { createPublishPromotionHandler } from './handlers/publish-promotion/publish-promotion.ts';
import { createPausePromotionHandler } from './handlers/pause-promotion/pause-promotion.ts';
import { createEndTierPeriodsHandler } from './handlers/end-tier-periods/end-tier-periods.ts';
import { createEndPromotionHandler } from './handlers/end-promotion/end-promotion.ts';
import type { Handlers } from './handlers/handler.ts';
import { createMergeCustomersHandler } from './handlers/merge-customers/merge-customers.ts';
import { createEraseCustomerHandler } from './handlers/erase-customer/erase-customer.ts';
import { createImportCustomersHandler } from './handlers/import-customers/import-customers.ts';
import type { ReportDependencies } from './reports/make.ts';
import { createMakeReportHandler } from './handlers/make-report/make-report.ts';
import { createMakeWeeklyReportHandler } from './handlers/make-weekly-report/make-weekly-report.ts';
import { createExportBusinessHandler } from './handlers/export-business/export-business.ts';
import { createExportCustomerHandler } from './handlers/export-customer/export-customer.ts';
import { createUnmergeCustomersHandler } from './handlers/unmerge-customers/unmerge-customers.ts';
import { createClaimReceiptHandler } from './handlers/claim-receipt/claim-receipt.ts';
import { createOpenCardHandler } from './handlers/open-card/open-card.ts';
import { createRecordPurchaseHandler } from './handlers/record-purchase/record-purchase.ts';
import { createUpdateBusinessHandler } from './handlers/update-business/update-business.ts';
import { createCreateStoreHandler } from './handlers/create-store/create-store.ts';
import { createUpdateStoreHandler } from './handlers/update-store/update-store.ts';
import { createDeactivateStoreHandler } from './handlers/deactivate-store/deactivate-store.ts';
import { createReactivateStoreHandler } from './handlers/reactivate-store/reactivate-store.ts';
import { createCreateApiKeyHandler } from './handlers/create-api-key/create-api-key.ts';
import { createRevokeApiKeyHandler } from './handlers/revoke-api-key/revoke-api-key.ts';
import { createCreateProgramHandler } from './handlers/create-program/create-program.ts';
import { createUpdateProgramHandler } from './handlers/update-program/update-program.ts';
import { createAwardStampsHandler } from './handlers/award-stamps/award-stamps.ts';
import { createUndoAwardHandler } from './handlers/undo-award/undo-award.ts';
import { createJoinBusinessHandler } from './handlers/join-business/join-business.ts';
import { createLinkStaffHandler } from './handlers/link-staff/link-staff.ts';
import { createPauseProgramHandler } from './handlers/pause-program/pause-program.ts';
import { createResumeProgramHandler } from './handlers/resume-program/resume-program.ts';
import { createArchiveProgramHandler } from './handlers/archive-program/archive-program.ts';
import { createDraftVersionHandler } from './handlers/draft-version/draft-version.ts';
import { createPublishVersionHandler } from './handlers/publish-version/publish-version.ts';
import { createExpireWaitingRefundsHandler } from './handlers/expire-waiting-refunds/expire-waiting-refunds.ts';
import { createRefundPurchaseHandler } from './handlers/refund-purchase/refund-purchase.ts';
import { createSettleExceptionHandler } from './handlers/settle-exception/settle-exception.ts';
import { createUpdateBrandHandler } from './handlers/update-brand/update-brand.ts';
import { createCancelRewardHandler } from './handlers/cancel-reward/cancel-reward.ts';
import { createClaimRewardHandler } from './handlers/claim-reward/claim-reward.ts';
import { createRedeemRewardHandler } from './handlers/redeem-reward/redeem-reward.ts';
import { createReserveRewardHandler } from './handlers/reserve-reward/reserve-reward.ts';
import { createReverseRewardHandler } from './handlers/reverse-reward/reverse-reward.ts';
import { createApproveRequestHandler } from './handlers/approve-request/approve-request.ts';
import { createRejectRequestHandler } from './handlers/reject-request/reject-request.ts';
import { createBlockCardHandler } from './handlers/block-card/block-card.ts';
import { createUnblockCardHandler } from './handlers/unblock-card/unblock-card.ts';
import { createNoteOperationHandler } from './handlers/note-operation/note-operation.ts';
import { createVerifyLedgerHandler } from './handlers/verify-ledger/verify-ledger.ts';
import { createTagCustomerHandler } from './handlers/tag-customer/tag-customer.ts';
import { createUntagCustomerHandler } from './handlers/untag-customer/untag-customer.ts';
import { createUpdateCustomerHandler } from './handlers/update-customer/update-customer.ts';
import { createCreateWebhookEndpointHandler } from './handlers/create-webhook-endpoint/create-webhook-endpoint.ts';
import { createUpdateWebhookEndpointHandler } from './handlers/update-webhook-endpoint/update-webhook-endpoint.ts';
import { createRemoveWebhookEndpointHandler } from './handlers/remove-webhook-endpoint/remove-webhook-endpoint.ts';
import { createRotateWebhookSecretHandler } from './handlers/rotate-webhook-secret/rotate-webhook-secret.ts';
import { createTestWebhookEndpointHandler } from './handlers/test-webhook-endpoint/test-webhook-endpoint.ts';
import { createResendWebhookHandler } from './handlers/resend-webhook/resend-webhook.ts';
import { createReplayWebhooksHandler } from './handlers/replay-webhooks/replay-webhooks.ts';
import { createSetBrandLogoHandler } from './handlers/set-brand-logo/set-brand-logo.ts';
import { createRemoveBrandLogoHandler } from './handlers/remove-brand-logo/remove-brand-logo.ts';
import { createForgetMailsHandler } from './handlers/forget-mails/forget-mails.ts';
import { createForgetWebhookDeliveriesHandler } from './handlers/forget-webhook-deliveries/forget-webhook-deliveries.ts';

/** Every handler with what stands behind its ports. Leaving one out does not compile. */
export function createHandlers(options: {
  pool: Pool;
  /** For readings of minutes, which must not keep sales waiting for a connection. */
  analysisPool: Pool;
  /** For adding up a period's figures; absent: the analyses'. */
  figuresPool?: Pool;
  sealer: ContactSealer;
  personal: PersonalSealer;
  tellProgress: TellProgress;
  /** Absent where no bucket is set up: what needs files then fails, and says so. */
  files?: FileStore | undefined;
  drawLogo: DrawLogo;
  /** Told of each card whose books differ. */
  onDifference?: () => void;
  log: Logger;
}): Handlers {
  const { pool, analysisPool, sealer, personal, tellProgress, files, drawLogo, log } = options;
  const figures = createFiguresReader(options.figuresPool ?? analysisPool);
  const ids = idSource;
  const now = () => Date.now();
  const loadConfigs = createConfigCache();
  const store = createCommandStore(pool, (client: PoolClient) => ({
    setup: createSetup(client),
    offers: createOfferBooks(client),
    rewards: createRewardBooks(client),
    books: withoutExpired(createLedgerBooks(client, loadConfigs), { ids, now }),
    expiry: createExpiryBooks(client),
    verifier: createVerifierBooks(client),
    approvals: createApprovals(client),
    cardStatuses: createCardStatuses(client),
    customers: createCustomers(client),
    facts: createFacts(client, ids),
    identities: createIdentities(client),
    refunds: createRefundBooks(client),
    exceptions: createExceptionBooks(client),
    promotions: createPromotionBooks(client),
    tiers: createTierBooks(client),
    receipts: createReceipts(client, loadConfigs),
    merges: createMerges(client),
    erasure: createErasure(client),
    exports: createExports(client),
    reports: createReports(client),
    counter: createCounterBooks(client),
    fraud: createFraudBooks(client),
    birthdays: createBirthdayBooks(client),
    webhooks: createWebhookBooks(client),
    announcements: createAnnouncements(client),
    operations: createOperationLog(client),
  }));
  const reporting = {
    store,
    ids,
    figures,
    files,
    now,
    tellProgress,
    storeName: (...store: Parameters<ReportDependencies['storeName']>) =>
      findStoreName(analysisPool, ...store),
  };
  const customerDependencies = { store, ids, personal };
  return behindWalls({
    'record-purchase': createRecordPurchaseHandler({
      store: createPurchaseStore(pool),
      ids,
      sealer,
    }),
    'adjust-card': createAdjustCardHandler({ store, ids }),
    'approve-request': createApproveRequestHandler({ store, ids }),
    'reject-request': createRejectRequestHandler({ store, ids }),
    'block-card': createBlockCardHandler({ store, ids }),
    'unblock-card': createUnblockCardHandler({ store, ids }),
    'create-offer': createCreateOfferHandler({ store, ids }),
    'update-offer': createUpdateOfferHandler({ store, ids }),
    'end-offer': createEndOfferHandler({ store, ids }),
    'give-offer': createGiveOfferHandler({ store, ids }),
    'give-offers': createGiveOffersHandler({ store, ids }),
    'create-staff': createCreateStaffHandler({ store, ids, personal }),
    'update-staff': createUpdateStaffHandler({ store, ids, personal }),
    'remove-staff': createRemoveStaffHandler({ store, ids }),
    'create-business': createCreateBusinessHandler({ store, ids }),
    'award-stamps': createAwardStampsHandler({ store, ids }),
    'undo-award': createUndoAwardHandler({ store, ids }),
    'link-staff': createLinkStaffHandler({ store, ids }),
    'join-business': createJoinBusinessHandler({ store, ids, personal }),
    'refund-purchase': createRefundPurchaseHandler({ store, ids }),
    'expire-waiting-refunds': createExpireWaitingRefundsHandler({ store, ids }),
    'settle-exception': createSettleExceptionHandler({ store, ids }),
    'create-brand': createCreateBrandHandler({ store, ids }),
    'create-promotion': createCreatePromotionHandler({ store, ids }),
    'update-promotion': createUpdatePromotionHandler({ store, ids }),
    'publish-promotion': createPublishPromotionHandler({ store, ids }),
    'pause-promotion': createPausePromotionHandler({ store, ids }),
    'end-tier-periods': createEndTierPeriodsHandler({ store, ids }),
    'end-promotion': createEndPromotionHandler({ store, ids }),
    'update-brand': createUpdateBrandHandler({ store, ids }),
    'set-brand-logo': createSetBrandLogoHandler({ store, ids, files, drawLogo }),
    'remove-brand-logo': createRemoveBrandLogoHandler({ store, ids, files }),
    'backtest-version': createBacktestVersionHandler({
      store,
      ids,
      history: createProgramHistory(analysisPool),
      readConfig: async (businessId) =>
        (await loadConfigs(analysisPool, [businessId])).get(businessId),
      tellProgress,
      breathe: () => setImmediate(),
    }),
    'update-business': createUpdateBusinessHandler({ store, ids }),
    'create-store': createCreateStoreHandler({ store, ids }),
    'update-store': createUpdateStoreHandler({ store, ids }),
    'deactivate-store': createDeactivateStoreHandler({ store, ids }),
    'reactivate-store': createReactivateStoreHandler({ store, ids }),
    'create-api-key': createCreateApiKeyHandler({ store, ids }),
    'revoke-api-key': createRevokeApiKeyHandler({ store, ids }),
    'create-program': createCreateProgramHandler({ store, ids }),
    'update-program': createUpdateProgramHandler({ store, ids }),
    'pause-program': createPauseProgramHandler({ store, ids }),
    'resume-program': createResumeProgramHandler({ store, ids }),
    'archive-program': createArchiveProgramHandler({ store, ids }),
    'draft-version': createDraftVersionHandler({ store, ids }),
    'publish-version': createPublishVersionHandler({ store, ids }),
    'claim-reward': createClaimRewardHandler({ store, ids }),
    'reserve-reward': createReserveRewardHandler({ store, ids }),
    'redeem-reward': createRedeemRewardHandler({ store, ids }),
    'cancel-reward': createCancelRewardHandler({ store, ids }),
    'reverse-reward': createReverseRewardHandler({ store, ids }),
    'create-reward-definition': createCreateRewardDefinitionHandler({ store, ids }),
    'update-reward-definition': createUpdateRewardDefinitionHandler({ store, ids }),
    'publish-reward-definition': createPublishRewardDefinitionHandler({ store, ids }),
    'pause-reward-definition': createPauseRewardDefinitionHandler({ store, ids }),
    'end-reward-definition': createEndRewardDefinitionHandler({ store, ids }),
    'expire-lots': createExpireLotsHandler({ store, ids, now, sleep: (ms) => sleep(ms) }),
    'expire-rewards': createExpireRewardsHandler({ store, ids, now }),
    'release-reservations': createReleaseReservationsHandler({ store, ids, now }),
    'give-birthday-rewards': createGiveBirthdayRewardsHandler({ store, ids }),
    'announce-expiries': createAnnounceExpiriesHandler({ store, ids }),
    'report-week': createReportWeekHandler({ store, readWeek: createReadWeek(analysisPool), ids }),
    'refuse-mail': createRefuseMailHandler({ store, ids }),
    'choose-mail': createChooseMailHandler({ store, ids }),
    'note-operation': createNoteOperationHandler({ store }),
    'verify-ledger': createVerifyLedgerHandler({
      store,
      now,
      onDifference: (businessId, difference) => {
        options.onDifference?.();
        log.error({ businessId, ...difference }, 'the books of a card differ');
      },
    }),
    'create-customer': createCreateCustomerHandler(customerDependencies),
    'update-customer': createUpdateCustomerHandler(customerDependencies),
    'tag-customer': createTagCustomerHandler(customerDependencies),
    'untag-customer': createUntagCustomerHandler(customerDependencies),
    'merge-customers': createMergeCustomersHandler(customerDependencies),
    'erase-customer': createEraseCustomerHandler(customerDependencies),
    'export-customer': createExportCustomerHandler(customerDependencies),
    'import-customers': createImportCustomersHandler({
      store: createCommandStore(analysisPool, (client: PoolClient) => ({
        books: withoutExpired(createLedgerBooks(client, loadConfigs), { ids, now }),
        imports: createImportBooks(client),
        facts: createFacts(client, ids),
      })),
      files,
      readCsv,
      ids,
      tellProgress,
      breathe: () => setImmediate(),
    }),
    'make-report': createMakeReportHandler(reporting),
    'make-weekly-report': createMakeWeeklyReportHandler(reporting),
    'export-business': createExportBusinessHandler({
      store,
      archive: createBusinessArchive(analysisPool),
      files,
      ids,
      now,
      tellProgress,
      breathe: () => setImmediate(),
    }),
    'unmerge-customers': createUnmergeCustomersHandler(customerDependencies),
    'claim-receipt': createClaimReceiptHandler(customerDependencies),
    'open-card': createOpenCardHandler(customerDependencies),
    'create-webhook-endpoint': createCreateWebhookEndpointHandler({ store, ids }),
    'update-webhook-endpoint': createUpdateWebhookEndpointHandler({ store, ids }),
    'remove-webhook-endpoint': createRemoveWebhookEndpointHandler({ store, ids }),
    'rotate-webhook-secret': createRotateWebhookSecretHandler({ store, ids }),
    'test-webhook-endpoint': createTestWebhookEndpointHandler({ store, ids }),
    'resend-webhook': createResendWebhookHandler({ store, ids }),
    'replay-webhooks': createReplayWebhooksHandler({ store, ids }),
    'forget-mails': createForgetMailsHandler({ store }),
    'forget-webhook-deliveries': createForgetWebhookDeliveriesHandler({ store }),
  });
}

/** Each handler sees the businesses that its messages are of, which the edge made sure of, and no other. */
function behindWalls(handlers: Handlers): Handlers {
  const walled = Object.entries(handlers).map(([name, handle]) => [
    name,
    (messages: readonly Envelope<never>[]) =>
      inBusinesses(
        messages.map((message) => message.businessId),
        () => handle(messages),
      ),
  ]);
  return Object.fromEntries(walled) as Handlers;
}
