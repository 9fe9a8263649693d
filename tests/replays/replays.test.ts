import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { replayCdnow } from './cdnow.ts';
import {
  replayCoffeeMachine,
  replayCoffeeMachineDaily,
  replayCoffeeMachineShuffled,
  replayCoffeeMachineVoids,
  replayCoffeeMachineWithin60Days,
} from './coffee-machine.ts';
import { hasData, usualDataDir } from './data.ts';
import { replayOnlineRetailShuffled } from './online-retail.ts';
import { differences, type Report } from './report.ts';
import { type ReplayContext, startThrowAwaySite } from './site.ts';
import { replayStarbucksLate, replayStarbucksRefunds, replayStarbucksTwice } from './starbucks.ts';

const TIMEOUT_MS = 600_000;
const folders = ['coffee_machine', 'cdnow', 'starbucks', 'online_retail'];
const dataDir = usualDataDir;

let site: Awaited<ReturnType<typeof startThrowAwaySite>> | undefined;

beforeAll(async () => {
  if (!folders.some((folder) => hasData(dataDir, folder))) return;
  site = await startThrowAwaySite({ durable: false });
}, TIMEOUT_MS);

afterAll(async () => {
  await site?.stop();
}, TIMEOUT_MS);

// Regulars are enough here, for who has not bought ten gets no reward; `npm run replay` takes all.
guarantee('every tenth coffee of a card earns a reward, on the very purchase', {
  folder: 'coffee_machine',
  run: (context) => replayCoffeeMachine(context, 10),
});

guarantee('at most one stamp a card and business day, in the machine’s own time zone', {
  folder: 'coffee_machine',
  run: (context) => replayCoffeeMachineDaily(context, 10),
});

guarantee('ten coffees within 60 days earn a reward; a card that is not full by then begins anew', {
  folder: 'coffee_machine',
  run: (context) => replayCoffeeMachineWithin60Days(context, 10),
});

guarantee('sales in any order, each posted twice over 50 connections, count once and lose none', {
  folder: 'coffee_machine',
  run: replayCoffeeMachineShuffled,
});

guarantee('voided coffees leave every card as if they had never been, whichever came first', {
  folder: 'coffee_machine',
  run: (context) => replayCoffeeMachineVoids(context, 10),
});

// A fortieth of the customers is enough here; `npm run replay -- online-retail` takes all of them.
guarantee(
  'refunds by line, before and after their sales, leave exactly what was not brought back',
  {
    folder: 'online_retail',
    run: (context) => replayOnlineRetailShuffled(context, 40),
  },
);

// A tenth of the customers is enough here; `npm run replay -- cdnow` takes all of them.
guarantee('a point per whole dollar of each sale: every customer’s total is exact', {
  folder: 'cdnow',
  run: (context) => replayCdnow(context, 10),
});

guarantee('offers and purchases up to two days late complete the very same offers', {
  folder: 'starbucks',
  run: (context) => replayStarbucksLate(context, 80),
});

guarantee('refunded purchases complete nothing, and what they completed is taken back', {
  folder: 'starbucks',
  run: (context) => replayStarbucksRefunds(context, 160),
});

guarantee('every offer and every purchase told twice, in other company, counts once', {
  folder: 'starbucks',
  run: (context) => replayStarbucksTwice(context, 120),
});

/** Runs a replay of real sales, or is skipped by a name that says so where they are absent. */
function guarantee(
  name: string,
  replay: { folder: string; run: (context: ReplayContext) => Promise<Report> },
): void {
  if (!hasData(dataDir, replay.folder)) {
    test.skip(`${name} (skipped: no data)`, () => undefined);
    return;
  }
  test(
    name,
    async () => {
      if (!site) throw new Error('no stack');
      const { edgeUrl, ownerUrl } = site;
      const report = await replay.run({ edgeUrl, ownerUrl, dataDir, onProgress: () => undefined });
      expect(differences(report)).toEqual([]);
    },
    TIMEOUT_MS,
  );
}
