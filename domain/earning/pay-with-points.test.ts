import { describe, expect, test } from '@jest/globals';
import {
  aCard,
  aLot,
  anId,
  aPointProgram,
  aPurchaseState,
  aRecordPurchase,
  aStampProgram,
  NOON,
} from '../../tests/builders/domain.ts';
import { points } from '../../tests/builders/rewards.ts';
import { isBalanced } from '../ledger/book-entry.ts';
import type { Card } from '../ledger/card.ts';
import { DAY_MS } from '../values/time.ts';
import type { KnownCustomer } from './decide-purchase.ts';
import { payWithPoints } from './pay-with-points.ts';

const program = (pointValueMinor?: string) =>
  aPointProgram(pointValueMinor === undefined ? {} : { pointValueMinor });
const holding = (over: Partial<Card>): KnownCustomer => ({
  kind: 'known',
  id: anId('cus'),
  cards: [aCard(over)],
});

/** 5 € of 10 € paid with points. */
const pay = (over: {
  value?: string;
  customer?: KnownCustomer;
  paid?: number;
  currency?: string;
}) => {
  const { value = '1', customer = holding({ balance: points(1000) }), paid = 500 } = over;
  const { currency = 'EUR' } = over;
  const tenders = [{ kind: 'points' as const, amount: paid }];
  const sale = aRecordPurchase({ currency, tenders });
  const { config } = aPurchaseState({ programs: [program(value)] });
  return payWithPoints(sale, config, customer);
};

describe('a sale paid with points', () => {
  test('takes what they are worth, from the lots that expire first', () => {
    const lots = [
      aLot({ n: 1, remaining: points(300), expiresAt: NOON + 9 * DAY_MS }),
      aLot({ n: 2, remaining: points(100), expiresAt: NOON + DAY_MS }),
    ];
    const paid = pay({ value: '2', customer: holding({ balance: points(400), lots }) });
    if (paid.kind !== 'paid') throw new Error(paid.kind);
    expect(paid).toMatchObject({ amount: points(250), paidMinor: 500 });
    expect(isBalanced(paid.change)).toBe(true);
    expect(paid.change.draws).toEqual([
      { lotId: anId('lot', 2), amount: points(100) },
      { lotId: anId('lot', 1), amount: points(150) },
    ]);
    expect(paid.change.card).toMatchObject({ balance: points(150), sequence: 1 });
  });

  test('takes whole points: the last one is rounded up', () => {
    expect(pay({ value: '3' })).toMatchObject({ amount: points(167) });
    expect(pay({ value: '0.5' })).toMatchObject({ amount: points(1000) });
    expect(pay({ value: '600' })).toMatchObject({ amount: points(1) });
  });

  test('is declined when the whole points that are valid do not suffice', () => {
    const with499 = holding({ balance: points(500) - 1 });
    expect(pay({ customer: holding({ balance: points(500) }) })).toMatchObject({ kind: 'paid' });
    const short = { kind: 'refused', code: 'insufficient-balance' };
    expect(pay({ customer: with499 })).toEqual(short);
    const gone = [aLot({ remaining: points(500), expiresAt: NOON })];
    expect(pay({ customer: holding({ balance: points(500), lots: gone }) })).toEqual(short);
    expect(pay({ customer: { kind: 'anonymous' } })).toEqual(short);
    expect(pay({ customer: holding({ status: 'blocked', balance: points(500) }) })).toEqual({
      kind: 'refused',
      code: 'card-blocked',
    });
  });

  test('takes nothing where no program says what a point is worth', () => {
    const none = { kind: 'none' };
    expect(pay({ paid: 0 })).toEqual(none);
    expect(pay({ currency: 'USD' })).toEqual(none);
    const tenders = [{ kind: 'points' as const, amount: 500 }];
    const { config, customer } = aPurchaseState({ programs: [program(), aStampProgram()] });
    expect(payWithPoints(aRecordPurchase({ tenders }), config, customer)).toEqual(none);
  });
});
