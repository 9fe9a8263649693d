import { describe, expect, test } from '@jest/globals';
import {
  aCard,
  aLine,
  aLot,
  anId,
  aReceipt,
  aStampProgram,
  deterministicIds,
  NOON,
} from '../../tests/builders/domain.ts';
import { isBalanced } from '../ledger/book-entry.ts';
import type { Lot } from '../ledger/lots.ts';
import type { HeldReward } from '../rewards/reward.ts';
import type { RefundRequest } from './remaining.ts';
import { restoreUsed } from './restore-used.ts';

const program = aStampProgram();
const [four, six] = [aLot({ n: 1, remaining: 0 }), aLot({ n: 2, remaining: 0 })];
const coffee: HeldReward = {
  id: anId('rwd'),
  definitionId: anId('rdf'),
  cardId: anId('crd'),
  code: 'a-code',
  name: 'Coffee',
  benefit: { kind: 'freeItem', description: 'Any coffee' },
  cost: 10,
  versionNumber: 1,
  status: 'redeemed',
  version: 1,
  issuedAt: NOON,
  expiresAt: null,
  funding: [
    { lotId: four.id, amount: 4 },
    { lotId: six.id, amount: 6 },
  ],
  storeIds: null,
  reservation: null,
  redemption: null,
};
const lines = [aLine({ quantity: '2', unitPrice: 300 }), aLine({ unitPrice: 400 })];
const discount = { amount: 300, voucherCode: coffee.code };

function after(
  refunds: RefundRequest[],
  over: {
    line?: number;
    owed?: number;
    debt?: number;
    reward?: Partial<HeldReward>;
    lots?: readonly Lot[];
  } = {},
) {
  const { line, owed = 0, debt = 0, reward, lots = [four, six] } = over;
  return restoreUsed(
    [{ reward: { ...coffee, ...reward }, owed, lots }],
    {
      receipt: aReceipt({ total: 700, lines, discounts: [{ ...discount, line }] }),
      refunds,
      cards: [aCard({ debt })],
      programs: [program],
      at: NOON,
    },
    deterministicIds(),
  );
}
const cups = (n: number): RefundRequest => ({ lines: [{ line: 0, quantity: String(n) }] });

describe('a reward that a refunded sale used', () => {
  test.each([
    [[{ amount: 699 }], undefined, 0],
    [[{ amount: 699 }, { amount: 1 }], undefined, 1],
    [[cups(2)], undefined, 0],
    [[cups(1)], 0, 0],
    [[cups(1), cups(1)], 0, 1],
    [[cups(2)], 1, 0],
  ] as const)('after %j, for line %s, comes back %i times', (refunds, line, times) => {
    const over = line === undefined ? {} : { line };
    expect(after([...refunds], over)).toHaveLength(times);
  });

  test('stays as it is once its redemption was taken back', () => {
    for (const status of ['reversed', 'available', 'revoked'] as const) {
      expect(after([{ full: true }], { reward: { status } })).toEqual([]);
    }
  });

  test.each([
    [0, 10, null],
    [4, 0, null],
    [4, 4, [4, 6, 0]],
    [4, 3, [3, 7, 0]],
    [10, 12, [10, 0, 2]],
  ])('with %i owed for it and a debt of %i pays that first', (owed, debt, expected) => {
    const [use] = after([{ full: true }], { owed, debt });
    const { card } = use!.change;
    expect(isBalanced(use!.change)).toBe(true);
    const settled = use!.restored ? null : [use!.repaid, card.balance, card.debt];
    expect(settled).toEqual(expected);
    expect(card.lots.reduce((sum, lot) => sum + lot.remaining, 0)).toBe(card.balance);
  });

  test('whose lots the refund has emptied meanwhile finds nothing left in them', () => {
    const asRead = [{ ...four, remaining: 3 }, six];
    const [use] = after([{ full: true }], { owed: 9, debt: 9, lots: asRead });
    const { card, draws } = use!.change;
    expect(card.balance).toBe(1);
    expect(card.lots.reduce((sum, lot) => sum + lot.remaining, 0)).toBe(1);
    expect(draws.reduce((sum, draw) => sum + draw.amount, 0)).toBe(-1);
  });
});
