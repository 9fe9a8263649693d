import type { CardReader } from '../card-view.ts';
import type { CommandGate } from '../command-gate.ts';
import type { IsSamePerson } from '../counter.ts';
import type { Books, RewardOwners } from '../ports.ts';
import type { Instant } from '../../domain/values/time.ts';
import type { RotatingCodes } from '../rotating-codes.ts';
import type { Route } from '../route.ts';
import { awardStampsRoute } from './award-stamps/route.ts';
import { purchaseAtCounterRoute } from './purchase-at-counter/route.ts';
import { redeemAtCounterRoute } from './redeem-at-counter/route.ts';
import { scanCardRoute } from './scan-card/route.ts';
import { undoAwardRoute } from './undo-award/route.ts';

export interface CounterDependencies {
  gate: CommandGate;
  books: Books;
  cards: CardReader;
  rewardOwners: RewardOwners;
  isSamePerson: IsSamePerson;
  codes: RotatingCodes;
  now: () => Instant;
}

/** What who serves does at the counter. */
export function counterRoutes(deps: CounterDependencies): Route[] {
  return [
    scanCardRoute(deps),
    awardStampsRoute(deps),
    purchaseAtCounterRoute(deps),
    redeemAtCounterRoute(deps),
    undoAwardRoute(deps),
  ];
}
