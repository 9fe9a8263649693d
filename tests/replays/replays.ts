import { replayCdnow } from './cdnow.ts';
import {
  replayCoffeeMachine,
  replayCoffeeMachineDaily,
  replayCoffeeMachineShuffled,
  replayCoffeeMachineTwice,
  replayCoffeeMachineVoids,
  replayCoffeeMachineWithin60Days,
} from './coffee-machine.ts';
import { replayCompleteJourney } from './complete-journey.ts';
import { replayOnlineRetail, replayOnlineRetailShuffled } from './online-retail.ts';
import { replayStarbucksRewardMoney } from './starbucks-money.ts';
import {
  replayStarbucks,
  replayStarbucksLate,
  replayStarbucksRefunds,
  replayStarbucksTwice,
} from './starbucks.ts';
import type { Report } from './report.ts';
import type { ReplayContext } from './site.ts';

type Replay = {
  /** The data's folder. */
  readonly folder: string;
  readonly run: (context: ReplayContext) => Promise<Report>;
  /** Whether an admin key is all it needs, and the database behind the edge is not. */
  readonly goesThroughApi?: boolean;
};

/** Every replay by the name that `npm run replay` knows. */
export const replays = {
  'coffee-machine': { folder: 'coffee_machine', run: replayCoffeeMachine, goesThroughApi: true },
  'coffee-machine-daily': {
    folder: 'coffee_machine',
    run: replayCoffeeMachineDaily,
    goesThroughApi: true,
  },
  'coffee-machine-twice': {
    folder: 'coffee_machine',
    run: replayCoffeeMachineTwice,
    goesThroughApi: true,
  },
  'coffee-machine-shuffled': {
    folder: 'coffee_machine',
    run: replayCoffeeMachineShuffled,
    goesThroughApi: true,
  },
  starbucks: { folder: 'starbucks', run: replayStarbucks },
  'starbucks-twice': { folder: 'starbucks', run: replayStarbucksTwice },
  'starbucks-refunds': { folder: 'starbucks', run: replayStarbucksRefunds },
  'starbucks-reward-money': { folder: 'starbucks', run: replayStarbucksRewardMoney },
  'starbucks-late': { folder: 'starbucks', run: replayStarbucksLate },
  'coffee-machine-60-days': {
    folder: 'coffee_machine',
    run: replayCoffeeMachineWithin60Days,
    goesThroughApi: true,
  },
  'complete-journey': { folder: 'complete_journey', run: replayCompleteJourney },
  'coffee-machine-voids': { folder: 'coffee_machine', run: replayCoffeeMachineVoids },
  'online-retail': { folder: 'online_retail', run: replayOnlineRetail },
  'online-retail-shuffled': { folder: 'online_retail', run: replayOnlineRetailShuffled },
  cdnow: { folder: 'cdnow', run: replayCdnow, goesThroughApi: true },
} satisfies Readonly<Record<string, Replay>>;

export type ReplayName = keyof typeof replays;

export const replayNames = Object.keys(replays) as ReplayName[];

/** Whether an admin key is all that a replay needs. */
export function goesThroughApi(name: ReplayName): boolean {
  return (replays[name] satisfies Replay as Replay).goesThroughApi ?? false;
}
