import { describe, expect, test } from '@jest/globals';
import {
  aCard,
  anAutoReward,
  anId,
  aPointProgram,
  aPurchaseState,
  aRecordPurchase,
  aStampProgram,
  at,
  coffees,
  deterministicIds,
} from '../../tests/builders/domain.ts';
import { decidePurchase, type PurchaseState, type RecordPurchase } from './decide-purchase.ts';
import { type PurchaseOutcome, presentOutcome } from './outcome.ts';

const names = { id: anId('txn'), externalId: 'till-1/42' };

function outcomeOf(command: Partial<RecordPurchase>, state: PurchaseState): PurchaseOutcome {
  const decision = decidePurchase(aRecordPurchase(command), state, deterministicIds());
  if (decision.kind !== 'recorded') throw new Error(`refused: ${decision.code}`);
  return presentOutcome(decision, names);
}
const holder = (balance: number) =>
  ({ kind: 'known', id: anId('cus'), cards: [aCard({ balance })] }) as const;

describe('an outcome', () => {
  test('names the sale as the till did, with the time in UTC and the business date', () => {
    const command = { ...coffees(1), occurredAt: at('2026-07-01T00:30:00+01:00') };
    expect(outcomeOf(command, aPurchaseState())).toMatchObject({
      ...names,
      storeId: anId('sto'),
      status: 'recorded',
      occurredAt: '2026-06-30T23:30:00.000Z',
      businessDate: '2026-07-01',
      total: { amount: 200, currency: 'EUR' },
      customerId: anId('cus'),
      notes: [],
    });
  });

  test('shows stamps as integers, and the progress of the next card after a reward', () => {
    const [card] = outcomeOf(coffees(5), aPurchaseState({ customer: holder(8) })).cards;
    expect(card).toMatchObject({
      unit: 'stamp',
      earned: 5,
      capped: 0,
      balance: 3,
      progress: { current: 3, target: 10 },
    });
    expect(card?.rewardsIssued).toMatchObject([
      { definitionId: anId('rdf'), name: 'Free coffee', expiresAt: '2026-04-03T22:59:59.999Z' },
    ]);
    expect(card?.explanation.length).toBeGreaterThan(0);
  });

  test('shows points as decimal strings', () => {
    const programs = [aPointProgram({ caps: { perTransaction: '3.5' } })];
    const [card] = outcomeOf(
      { total: 375 },
      aPurchaseState({ programs, customer: holder(0) }),
    ).cards;
    expect(card).toMatchObject({
      unit: 'point',
      earned: '3.5',
      capped: '0.25',
      balance: '3.5',
      progress: null,
    });
  });

  test('a reward that never expires shows null', () => {
    const programs = [aStampProgram({ autoReward: anAutoReward({ validForDays: null }) })];
    const [card] = outcomeOf(coffees(10), aPurchaseState({ programs })).cards;
    expect(card?.rewardsIssued.map((reward) => reward.expiresAt)).toEqual([null]);
  });

  test('of an anonymous sale has no customer and no cards', () => {
    const outcome = outcomeOf({}, aPurchaseState({ customer: { kind: 'anonymous' } }));
    expect(outcome).toMatchObject({ customerId: null, cards: [], notes: ['no-customer'] });
  });

  test('is plain JSON: stored and read back it is the same', () => {
    const outcome = outcomeOf(coffees(15), aPurchaseState());
    expect(JSON.parse(JSON.stringify(outcome))).toEqual(outcome);
  });
});
