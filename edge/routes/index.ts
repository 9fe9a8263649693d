import type { IdSource } from '../../domain/values/ids.ts';
import type { Instant } from '../../domain/values/time.ts';
import type { ContactSealer } from '../../queues/contact.ts';
import type { CommandGate } from '../command-gate.ts';
import type {
  Books,
  CommandQueue,
  CursorSealer,
  FindProgress,
  OfferReader,
  PurchaseReader,
  SetupReader,
} from '../ports.ts';
import type { Route } from '../route.ts';
import { backtestVersionRoute } from './backtest-version/route.ts';
import { adjustCardRoute } from './adjust-card/route.ts';
import { createBrandRoute } from './create-brand/route.ts';
import { getBrandRoute } from './get-brand/route.ts';
import { createOfferRoute } from './create-offer/route.ts';
import { endOfferRoute } from './end-offer/route.ts';
import { getOfferRoute } from './get-offer/route.ts';
import { giveOfferRoute } from './give-offer/route.ts';
import { giveOffersRoute } from './give-offers/route.ts';
import { listCustomerOffersRoute } from './list-customer-offers/route.ts';
import { listOffersRoute } from './list-offers/route.ts';
import { updateOfferRoute } from './update-offer/route.ts';
import { getJobRoute } from './get-job/route.ts';
import { getTransactionRoute } from './get-transaction/route.ts';
import { listBrandsRoute } from './list-brands/route.ts';
import { lookupCustomerRoute } from './lookup-customer/route.ts';
import { previewPurchaseRoute } from './preview-purchase/route.ts';
import { recordPurchaseRoute } from './record-purchase/route.ts';
import { recordPurchasesRoute } from './record-purchases/route.ts';
import { type SignInDependencies, signInRoutes } from './sign-in-routes.ts';
import { updateBrandRoute } from './update-brand/route.ts';

export interface RouteDependencies extends SignInDependencies {
  gate: CommandGate;
  books: Books;
  queue: CommandQueue;
  reader: PurchaseReader;
  setup: SetupReader;
  offers: OfferReader;
  cursors: CursorSealer;
  sealer: ContactSealer;
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
    lookupCustomerRoute(deps),
    getJobRoute(deps),
    adjustCardRoute(deps),
    ...signInRoutes(deps),
    listOffersRoute(deps),
    createOfferRoute(deps),
    getOfferRoute(deps),
    updateOfferRoute(deps),
    endOfferRoute(deps),
    giveOfferRoute(deps),
    giveOffersRoute(deps),
    listCustomerOffersRoute(deps),
    listBrandsRoute(deps),
    createBrandRoute(deps),
    getBrandRoute(deps),
    updateBrandRoute(deps),
    backtestVersionRoute(deps),
  ];
}
