import type { IdSource } from '../../domain/values/ids.ts';
import type { Instant } from '../../domain/values/time.ts';
import type { ContactSealer } from '../../queues/contact.ts';
import type { PersonalSealer } from '../../queues/personal.ts';
import type { CommandGate } from '../command-gate.ts';
import type {
  ApiKeySecrets,
  ApprovalReader,
  Books,
  CardReader,
  CommandQueue,
  CursorSealer,
  FindProgress,
  LedgerReader,
  OfferReader,
  PurchaseReader,
  RewardReader,
  SetupReader,
} from '../ports.ts';
import type { HistoryReader } from '../history.ts';
import type { PublicPages } from '../public-pages.ts';
import type { Route } from '../route.ts';
import type { MailRefusalDependencies } from '../mail-refusal.ts';
import { askToRefuseMailRoute } from './ask-to-refuse-mail/route.ts';
import { refuseMailRoute } from './refuse-mail/route.ts';
import { type AnalyticsDependencies, analyticsRoutes } from './analytics-routes.ts';
import { backtestVersionRoute } from './backtest-version/route.ts';
import { getCardRoute } from './get-card/route.ts';
import { cardHistoryRoute } from './card-history/route.ts';
import { blockCardRoute } from './block-card/route.ts';
import { unblockCardRoute } from './unblock-card/route.ts';
import { listApprovalsRoute } from './list-approvals/route.ts';
import { approveRequestRoute } from './approve-request/route.ts';
import { rejectRequestRoute } from './reject-request/route.ts';
import { listLedgerDifferencesRoute } from './list-ledger-differences/route.ts';
import { adjustCardRoute } from './adjust-card/route.ts';
import { createBrandRoute } from './create-brand/route.ts';
import { getBrandRoute } from './get-brand/route.ts';
import { createOfferRoute } from './create-offer/route.ts';
import { endOfferRoute } from './end-offer/route.ts';
import { getMeAsStaffRoute } from './get-me-as-staff/route.ts';
import { getOfferRoute } from './get-offer/route.ts';
import { giveOfferRoute } from './give-offer/route.ts';
import { giveOffersRoute } from './give-offers/route.ts';
import { listCustomerOffersRoute } from './list-customer-offers/route.ts';
import { listOffersRoute } from './list-offers/route.ts';
import { updateOfferRoute } from './update-offer/route.ts';
import { cancelRewardRoute } from './cancel-reward/route.ts';
import { chooseMailRoute } from './choose-mail/route.ts';
import { claimRewardRoute } from './claim-reward/route.ts';
import type { CustomerDirectory } from '../customer-directory.ts';
import type { SessionDependencies } from '../sessions.ts';
import { createCustomerRoute } from './create-customer/route.ts';
import { eraseCustomerRoute } from './erase-customer/route.ts';
import { exportCustomerRoute } from './export-customer/route.ts';
import { downloadCustomerExportRoute } from './download-customer-export/route.ts';
import { type BulkDependencies, bulkRoutes } from './bulk-routes.ts';
import { updateCustomerRoute } from './update-customer/route.ts';
import { tagCustomerRoute } from './tag-customer/route.ts';
import { untagCustomerRoute } from './untag-customer/route.ts';
import { mergeCustomersRoute } from './merge-customers/route.ts';
import { unmergeCustomersRoute } from './unmerge-customers/route.ts';
import { claimReceiptRoute } from './claim-receipt/route.ts';
import { openCardRoute } from './open-card/route.ts';
import { getCustomerRoute } from './get-customer/route.ts';
import { listCustomersRoute } from './list-customers/route.ts';
import { listCustomerCardsRoute } from './list-customer-cards/route.ts';
import { getJobRoute } from './get-job/route.ts';
import { getRewardRoute } from './get-reward/route.ts';
import { createRewardDefinitionRoute } from './create-reward-definition/route.ts';
import { updateRewardDefinitionRoute } from './update-reward-definition/route.ts';
import { publishRewardDefinitionRoute } from './publish-reward-definition/route.ts';
import { pauseRewardDefinitionRoute } from './pause-reward-definition/route.ts';
import { endRewardDefinitionRoute } from './end-reward-definition/route.ts';
import { getRewardDefinitionRoute } from './get-reward-definition/route.ts';
import { listRewardDefinitionsRoute } from './list-reward-definitions/route.ts';
import { getTransactionRoute } from './get-transaction/route.ts';
import { listBrandsRoute } from './list-brands/route.ts';
import { listCardRewardsRoute } from './list-card-rewards/route.ts';
import { listExceptionsRoute } from './list-exceptions/route.ts';
import { lookupCustomerRoute } from './lookup-customer/route.ts';
import { previewPurchaseRoute } from './preview-purchase/route.ts';
import { createPromotionRoute } from './create-promotion/route.ts';
import { updatePromotionRoute } from './update-promotion/route.ts';
import { publishPromotionRoute } from './publish-promotion/route.ts';
import { pausePromotionRoute } from './pause-promotion/route.ts';
import { endPromotionRoute } from './end-promotion/route.ts';
import { getPromotionRoute } from './get-promotion/route.ts';
import { listPromotionsRoute } from './list-promotions/route.ts';
import { recordPurchaseRoute } from './record-purchase/route.ts';
import { recordPurchasesRoute } from './record-purchases/route.ts';
import { type CounterDependencies, counterRoutes } from './counter-routes.ts';
import { type SelfDependencies, selfRoutes } from './self-routes.ts';
import { sessionRoutes } from './session-routes.ts';
import { type SignInDependencies, signInRoutes } from './sign-in-routes.ts';
import { type WebhookRouteDependencies, webhookRoutes } from './webhook-routes.ts';
import { getBusinessRoute } from './get-business/route.ts';
import { updateBusinessRoute } from './update-business/route.ts';
import { listStoresRoute } from './list-stores/route.ts';
import { createStoreRoute } from './create-store/route.ts';
import { getStoreRoute } from './get-store/route.ts';
import { updateStoreRoute } from './update-store/route.ts';
import { deactivateStoreRoute } from './deactivate-store/route.ts';
import { reactivateStoreRoute } from './reactivate-store/route.ts';
import { listApiKeysRoute } from './list-api-keys/route.ts';
import { createApiKeyRoute } from './create-api-key/route.ts';
import { getApiKeyRoute } from './get-api-key/route.ts';
import { revokeApiKeyRoute } from './revoke-api-key/route.ts';
import { listProgramsRoute } from './list-programs/route.ts';
import { createProgramRoute } from './create-program/route.ts';
import { getProgramRoute } from './get-program/route.ts';
import { updateProgramRoute } from './update-program/route.ts';
import { pauseProgramRoute } from './pause-program/route.ts';
import { resumeProgramRoute } from './resume-program/route.ts';
import { archiveProgramRoute } from './archive-program/route.ts';
import { draftVersionRoute } from './draft-version/route.ts';
import { validateDraftRoute } from './validate-draft/route.ts';
import { publishVersionRoute } from './publish-version/route.ts';
import { listVersionsRoute } from './list-versions/route.ts';
import { listTransactionsRoute } from './list-transactions/route.ts';
import { explainTransactionRoute } from './explain-transaction/route.ts';
import { listAuditLogRoute } from './list-audit-log/route.ts';
import { refundPurchaseRoute } from './refund-purchase/route.ts';
import { settleExceptionRoute } from './settle-exception/route.ts';
import { listStaffRoute } from './list-staff/route.ts';
import { createStaffRoute } from './create-staff/route.ts';
import { getStaffRoute } from './get-staff/route.ts';
import { updateStaffRoute } from './update-staff/route.ts';
import { removeStaffRoute } from './remove-staff/route.ts';
import { getPublicBrandRoute } from './get-public-brand/route.ts';
import { getPublicProgramRoute } from './get-public-program/route.ts';
import { beginLogoUploadRoute } from './begin-logo-upload/route.ts';
import { setBrandLogoRoute } from './set-brand-logo/route.ts';
import { removeBrandLogoRoute } from './remove-brand-logo/route.ts';
import { updateBrandRoute } from './update-brand/route.ts';
import { redeemRewardRoute } from './redeem-reward/route.ts';
import { reserveRewardRoute } from './reserve-reward/route.ts';
import { reverseRewardRoute } from './reverse-reward/route.ts';

export interface RouteDependencies
  extends
    SignInDependencies,
    SessionDependencies,
    SelfDependencies,
    MailRefusalDependencies,
    CounterDependencies,
    BulkDependencies,
    WebhookRouteDependencies,
    AnalyticsDependencies {
  gate: CommandGate;
  books: Books;
  queue: CommandQueue;
  reader: PurchaseReader;
  setup: SetupReader;
  history: HistoryReader;
  pages: PublicPages;
  cardPages: CardReader;
  ledger: LedgerReader;
  approvals: ApprovalReader;
  offers: OfferReader;
  rewards: RewardReader;
  cursors: CursorSealer;
  secrets: ApiKeySecrets;
  sealer: ContactSealer;
  personal: PersonalSealer;
  customers: CustomerDirectory;
  ids: IdSource;
  now: () => Instant;
  findProgress: FindProgress;
}

/** Every endpoint. A route that is not in this list does not exist, nor does its documentation. */
export function createRoutes(deps: RouteDependencies): Route[] {
  return [
    recordPurchaseRoute(deps),
    recordPurchasesRoute(deps),
    previewPurchaseRoute(deps),
    getTransactionRoute(deps),
    refundPurchaseRoute(deps),
    lookupCustomerRoute(deps),
    getJobRoute(deps),
    adjustCardRoute(deps),
    getCardRoute(deps),
    cardHistoryRoute(deps),
    blockCardRoute(deps),
    unblockCardRoute(deps),
    listApprovalsRoute(deps),
    approveRequestRoute(deps),
    rejectRequestRoute(deps),
    listLedgerDifferencesRoute(deps),
    ...signInRoutes(deps),
    listOffersRoute(deps),
    createOfferRoute(deps),
    getOfferRoute(deps),
    updateOfferRoute(deps),
    endOfferRoute(deps),
    giveOfferRoute(deps),
    giveOffersRoute(deps),
    listCustomerOffersRoute(deps),
    listStaffRoute(deps),
    createStaffRoute(deps),
    getStaffRoute(deps),
    updateStaffRoute(deps),
    removeStaffRoute(deps),
    getMeAsStaffRoute(deps),
    chooseMailRoute(deps),
    listTransactionsRoute(deps),
    explainTransactionRoute(deps),
    listAuditLogRoute(deps),
    ...selfRoutes(deps),
    ...sessionRoutes(deps),
    listExceptionsRoute(deps),
    settleExceptionRoute(deps),
    getPublicBrandRoute(deps),
    getPublicProgramRoute(deps),
    ...counterRoutes(deps),
    listBrandsRoute(deps),
    createBrandRoute(deps),
    getBrandRoute(deps),
    updateBrandRoute(deps),
    beginLogoUploadRoute(deps),
    setBrandLogoRoute(deps),
    removeBrandLogoRoute(deps),
    backtestVersionRoute(deps),
    getBusinessRoute(deps),
    updateBusinessRoute(deps),
    listStoresRoute(deps),
    createStoreRoute(deps),
    getStoreRoute(deps),
    updateStoreRoute(deps),
    deactivateStoreRoute(deps),
    reactivateStoreRoute(deps),
    listApiKeysRoute(deps),
    createApiKeyRoute(deps),
    getApiKeyRoute(deps),
    revokeApiKeyRoute(deps),
    listProgramsRoute(deps),
    createProgramRoute(deps),
    getProgramRoute(deps),
    updateProgramRoute(deps),
    pauseProgramRoute(deps),
    resumeProgramRoute(deps),
    archiveProgramRoute(deps),
    draftVersionRoute(deps),
    validateDraftRoute(deps),
    publishVersionRoute(deps),
    listVersionsRoute(deps),
    listRewardDefinitionsRoute(deps),
    createRewardDefinitionRoute(deps),
    getRewardDefinitionRoute(deps),
    updateRewardDefinitionRoute(deps),
    publishRewardDefinitionRoute(deps),
    pauseRewardDefinitionRoute(deps),
    endRewardDefinitionRoute(deps),
    getRewardRoute(deps),
    listCardRewardsRoute(deps),
    claimRewardRoute(deps),
    reserveRewardRoute(deps),
    redeemRewardRoute(deps),
    cancelRewardRoute(deps),
    reverseRewardRoute(deps),
    createCustomerRoute(deps),
    listCustomersRoute(deps),
    getCustomerRoute(deps),
    updateCustomerRoute(deps),
    eraseCustomerRoute(deps),
    ...bulkRoutes(deps),
    ...webhookRoutes(deps),
    ...analyticsRoutes(deps),
    exportCustomerRoute(deps),
    downloadCustomerExportRoute(deps),
    tagCustomerRoute(deps),
    untagCustomerRoute(deps),
    listCustomerCardsRoute(deps),
    openCardRoute(deps),
    listPromotionsRoute(deps),
    createPromotionRoute(deps),
    getPromotionRoute(deps),
    updatePromotionRoute(deps),
    publishPromotionRoute(deps),
    pausePromotionRoute(deps),
    endPromotionRoute(deps),
    claimReceiptRoute(deps),
    mergeCustomersRoute(deps),
    unmergeCustomersRoute(deps),
    askToRefuseMailRoute(deps),
    refuseMailRoute(deps),
  ];
}
