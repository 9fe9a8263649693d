import type { IdSource } from '../../domain/values/ids.ts';
import type { PersonalSealer } from '../../queues/personal.ts';
import type { AccountDependencies } from '../accounts.ts';
import type { CardReader } from '../card-view.ts';
import type { CommandGate } from '../command-gate.ts';
import type { CustomerArchive } from '../customer-archive.ts';
import type { FindOwnReward } from '../my-reward-route.ts';
import type { CustomerDirectory } from '../customer-directory.ts';
import type { Books, CursorSealer, InBusiness, SetupReader } from '../ports.ts';
import type { Instant } from '../../domain/values/time.ts';
import type { RotatingCodes } from '../rotating-codes.ts';
import type { Route } from '../route.ts';
import { cancelMyReservationRoute } from './cancel-my-reservation/route.ts';
import { claimMyReceiptRoute } from './claim-my-receipt/route.ts';
import { eraseMeRoute } from './erase-me/route.ts';
import { exportMeRoute } from './export-me/route.ts';
import { getMeRoute } from './get-me/route.ts';
import { getMyCardRoute } from './get-my-card/route.ts';
import { getMyQrRoute } from './get-my-qr/route.ts';
import { joinBusinessRoute } from './join-business/route.ts';
import { listMyCardsRoute } from './list-my-cards/route.ts';
import { listMyHistoryRoute } from './list-my-history/route.ts';
import { listMyRewardsRoute } from './list-my-rewards/route.ts';
import { openMyCardRoute } from './open-my-card/route.ts';
import { reserveMyRewardRoute } from './reserve-my-reward/route.ts';
import { updateMeRoute } from './update-me/route.ts';
import type { LiveScreens } from '../live-screens.ts';
import { watchMyCardsRoute } from './watch-my-cards/route.ts';

export interface SelfDependencies extends AccountDependencies {
  gate: CommandGate;
  books: Books;
  cards: CardReader;
  customers: CustomerDirectory;
  archive: CustomerArchive;
  cursors: CursorSealer;
  personal: PersonalSealer;
  setup: SetupReader;
  ids: IdSource;
  inBusiness: InBusiness;
  findOwnReward: FindOwnReward;
  screens: LiveScreens;
  codes: RotatingCodes;
  now: () => Instant;
}

/** What customers see and do: their own records, and nobody else's. */
export function selfRoutes(deps: SelfDependencies): Route[] {
  return [
    joinBusinessRoute(deps),
    getMeRoute(deps),
    updateMeRoute(deps),
    eraseMeRoute(deps),
    exportMeRoute(deps),
    listMyCardsRoute(deps),
    openMyCardRoute(deps),
    getMyCardRoute(deps),
    listMyHistoryRoute(deps),
    getMyQrRoute(deps),
    listMyRewardsRoute(deps),
    reserveMyRewardRoute(deps),
    cancelMyReservationRoute(deps),
    claimMyReceiptRoute(deps),
    watchMyCardsRoute(deps),
  ];
}
