import { describe, expect, test } from '@jest/globals';
import {
  aBusiness,
  aCard,
  anId,
  aPointProgram,
  aPurchaseState,
  aRecordPurchase,
  aStampProgram,
  aStore,
  at,
  codes,
  coffees,
  deterministicIds,
  NOON,
} from '../../tests/builders/domain.ts';
import { DAY_MS, MINUTE_MS } from '../values/time.ts';
import {
  decidePurchase,
  type PurchaseState,
  type RecordedPurchase,
  type RecordPurchase,
} from './decide-purchase.ts';

const decide = (command: Partial<RecordPurchase> = {}, state: PurchaseState = aPurchaseState()) =>
  decidePurchase(aRecordPurchase({ ...coffees(1), ...command }), state, deterministicIds());

function recorded(command?: Partial<RecordPurchase>, state?: PurchaseState): RecordedPurchase {
  const decision = decide(command, state);
  if (decision.kind !== 'recorded') throw new Error(`refused: ${decision.code}`);
  return decision;
}
const anonymous = { kind: 'anonymous' } as const;
const newContact = { kind: 'new-contact' } as const;
const unknownCard = { kind: 'unknown', reference: 'cardCode' } as const;
const unknownCustomer = { kind: 'unknown', reference: 'customerId' } as const;
const elsewhere = { storeId: anId('sto', 9) };
const ahead = { receivedAt: NOON - 5 * MINUTE_MS - 1 };
const tooOld = { receivedAt: NOON + 30 * DAY_MS + 1 };

describe('refusals, in order of precedence', () => {
  test.each([
    ['a store nobody knows', 'unknown-store', elsewhere, {}],
    [
      'an unknown store, though it also occurred in the future for an unknown card',
      'unknown-store',
      { ...elsewhere, ...ahead },
      { customer: unknownCard },
    ],
    ['5 minutes and 1 ms ahead', 'occurred-in-future', ahead, {}],
    [
      'the future, though the card is unknown too',
      'occurred-in-future',
      ahead,
      { customer: unknownCard },
    ],
    ['a card code nobody has', 'unknown-card', {}, { customer: unknownCard }],
    ['a customer id nobody has', 'unknown-customer', {}, { customer: unknownCustomer }],
    [
      'an unknown card, though the sale is too old',
      'unknown-card',
      tooOld,
      { customer: unknownCard },
    ],
    [
      'an unknown customer, though no program is open here',
      'unknown-customer',
      {},
      { customer: unknownCustomer, programs: [] },
    ],
  ] as const)('%s is refused: %s', (_, code, command, state) => {
    expect(decide(command, aPurchaseState(state))).toEqual({ kind: 'refused', code });
  });

  test('5 minutes ahead is accepted', () => {
    expect(recorded({ receivedAt: NOON - 5 * MINUTE_MS }).status).toBe('recorded');
  });
});

describe('a sale that is too old', () => {
  test('is kept for review, gives nothing and says why', () => {
    expect(recorded(tooOld)).toMatchObject({
      status: 'review',
      cards: [],
      notes: ['occurred-too-long-ago'],
      customerId: anId('cus'),
      isNewCustomer: false,
    });
  });

  test.each([
    ['an anonymous customer', { customer: anonymous }],
    ['a new contact', { customer: newContact }],
    ['no program here', { programs: [] }],
  ] as const)('is kept for review even with %s, and makes no customer', (_, state) => {
    const decision = recorded(tooOld, aPurchaseState(state));
    expect(decision).toMatchObject({
      status: 'review',
      notes: ['occurred-too-long-ago'],
      isNewCustomer: false,
    });
  });

  test('30 days to the millisecond is not too old, and a business may take older ones', () => {
    expect(recorded({ receivedAt: NOON + 30 * DAY_MS })).toMatchObject({
      status: 'recorded',
      notes: [],
    });
    const patient = aPurchaseState({ business: aBusiness({ acceptPastDays: 31 }) });
    expect(recorded(tooOld, patient).status).toBe('recorded');
  });
});

describe('notes', () => {
  test('nobody named: recorded, and no customer is made up', () => {
    const decision = recorded({}, aPurchaseState({ customer: anonymous }));
    expect(decision).toMatchObject({
      customerId: null,
      isNewCustomer: false,
      cards: [],
      notes: ['no-customer'],
    });
  });

  test('nobody named wins over no program here', () => {
    expect(recorded({}, aPurchaseState({ customer: anonymous, programs: [] })).notes).toEqual([
      'no-customer',
    ]);
  });

  test.each([
    ['none exist', []],
    ['another brand’s only', [aStampProgram({}, { brandId: anId('brd', 2) })]],
    ['other stores’ only', [aStampProgram({}, { storeIds: [anId('sto', 2)] })]],
    ['nobody’s stores', [aStampProgram({}, { storeIds: [] })]],
  ])('no program at the store (%s): recorded, gives nothing, says so', (_, programs) => {
    const decision = recorded({}, aPurchaseState({ programs }));
    expect(decision).toMatchObject({
      cards: [],
      notes: ['no-program-at-store'],
      customerId: anId('cus'),
    });
    const contact = recorded({}, aPurchaseState({ programs, customer: newContact }));
    expect(contact).toMatchObject({
      customerId: null,
      isNewCustomer: false,
      notes: ['no-program-at-store'],
    });
  });

  test('a purchase that earns has none', () => {
    expect(recorded().notes).toEqual([]);
  });
});

describe('enrolment', () => {
  const byRequest = aStampProgram({}, { enrolment: 'by-request' });
  const stranger = { kind: 'known', id: anId('cus', 5), cards: [] } as const;

  test('a new contact gets a customer, a card and the stamps of this very purchase', () => {
    const decision = recorded(coffees(2), aPurchaseState({ customer: newContact }));
    expect(decision).toMatchObject({ isNewCustomer: true, notes: [] });
    const [card] = decision.cards;
    expect(card).toMatchObject({ isNewCard: true, earned: 2, balanceBefore: 0 });
    expect(card?.card).toMatchObject({
      customerId: decision.customerId,
      programId: anId('prg'),
      status: 'active',
      balance: 2,
      versionNumber: 1,
      // Opening and earning are an event each.
      sequence: 2,
    });
    expect(codes(card!)).toContain('card-opened');
  });

  test('a new contact is not recorded where no program enrols by itself', () => {
    const decision = recorded({}, aPurchaseState({ customer: newContact, programs: [byRequest] }));
    expect(decision).toMatchObject({
      customerId: null,
      isNewCustomer: false,
      cards: [],
      notes: ['customer-not-enrolled'],
    });
  });

  test('a new contact is not recorded where the program that would enrol them had not begun', () => {
    const later = aStampProgram({ from: NOON + 1 });
    const decision = recorded({}, aPurchaseState({ customer: newContact, programs: [later] }));
    expect(decision).toMatchObject({
      customerId: null,
      isNewCustomer: false,
      cards: [],
      notes: ['customer-not-enrolled'],
    });
    const begun = aPurchaseState({
      customer: newContact,
      programs: [aStampProgram({ from: NOON })],
    });
    expect(recorded({}, begun).isNewCustomer).toBe(true);
  });

  test('a known customer without a card gets one where the program enrols by itself', () => {
    const decision = recorded({}, aPurchaseState({ customer: stranger }));
    expect(decision).toMatchObject({ customerId: anId('cus', 5), isNewCustomer: false, notes: [] });
    expect(decision.cards).toMatchObject([
      { isNewCard: true, card: { customerId: anId('cus', 5), balance: 1 } },
    ]);
  });

  test('a known customer without a card gets none where enrolment is by request', () => {
    const decision = recorded({}, aPurchaseState({ customer: stranger, programs: [byRequest] }));
    expect(decision).toMatchObject({
      cards: [],
      notes: ['customer-not-enrolled'],
      customerId: anId('cus', 5),
    });
  });

  test('a card that is held earns, whatever the enrolment', () => {
    const decision = recorded({}, aPurchaseState({ programs: [byRequest] }));
    expect(decision.cards).toMatchObject([{ isNewCard: false, earned: 1 }]);
    expect(codes(decision.cards[0]!)).not.toContain('card-opened');
  });

  test('a new card is opened under the version in force when the sale occurred', () => {
    const program = aStampProgram();
    const [version] = program.versions;
    const versions = [
      { ...version!, number: 1, to: NOON },
      { ...version!, number: 2, from: NOON },
    ];
    const state = aPurchaseState({ programs: [{ ...program, versions }], customer: newContact });
    const opened = (occurredAt: number) =>
      recorded({ occurredAt, receivedAt: NOON }, state).cards[0]?.card;
    expect(opened(NOON - 1)?.versionNumber).toBe(1);
    expect(opened(NOON)?.versionNumber).toBe(2);
  });
});

describe('two programs at one store', () => {
  const stamps = aStampProgram();
  const points = aPointProgram({}, { id: anId('prg', 2), name: 'Points' });
  const programs = [stamps, points];

  test('one purchase counts in both, each on its own card', () => {
    const cards = [aCard({ id: anId('crd', 2), programId: anId('prg', 2) }), aCard()];
    const customer = { kind: 'known', id: anId('cus'), cards } as const;
    const decision = recorded(coffees(2), aPurchaseState({ programs, customer }));
    expect(decision.cards.map(({ card, earned }) => [card.id, earned])).toEqual([
      [anId('crd', 1), 2],
      [anId('crd', 2), 4_000_000],
    ]);
  });

  test('a new contact gets a card in each, under one customer', () => {
    const decision = recorded({}, aPurchaseState({ programs, customer: newContact }));
    expect(decision.cards).toHaveLength(2);
    expect(new Set(decision.cards.map(({ card }) => card.customerId))).toEqual(
      new Set([decision.customerId]),
    );
    expect(new Set(decision.cards.map(({ card }) => card.id)).size).toBe(2);
    expect(new Set(decision.cards.map(({ card }) => card.code)).size).toBe(2);
  });

  test('the one that does not take part in this store is left out', () => {
    const away = { ...points, storeIds: [anId('sto', 2)] };
    const decision = recorded(
      {},
      aPurchaseState({ programs: [stamps, away], customer: newContact }),
    );
    expect(decision.cards.map(({ program }) => program.id)).toEqual([stamps.id]);
  });

  test('where one enrols by itself and one does not, a new contact joins the one', () => {
    const asked = { ...points, enrolment: 'by-request' } as const;
    const decision = recorded(
      {},
      aPurchaseState({ programs: [stamps, asked], customer: newContact }),
    );
    expect(decision.cards.map(({ program }) => program.id)).toEqual([stamps.id]);
    expect(decision.notes).toEqual([]);
  });

  test('a cap looks at the earnings of its own program only', () => {
    const capped = programs.map((program) => ({
      ...program,
      versions: program.versions.map((version) => ({ ...version, caps: { perBusinessDay: '1' } })),
    }));
    const earnings = new Map([
      [points.id, [{ occurredAt: NOON - 1, businessDate: '2026-03-04', amount: 1_000_000 }]],
    ]);
    const decision = recorded(
      {},
      aPurchaseState({ programs: capped, earnings, customer: newContact }),
    );
    expect(decision.cards.map(({ earned }) => earned)).toEqual([1, 0]);
  });
});

test('a blocked card is recorded, earns nothing and says so', () => {
  const cards = [aCard({ status: 'blocked', balance: 9 })];
  const decision = recorded(
    {},
    aPurchaseState({ customer: { kind: 'known', id: anId('cus'), cards } }),
  );
  expect(decision).toMatchObject({ status: 'recorded', notes: [] });
  expect(decision.cards).toMatchObject([{ earned: 0, rewards: [], card: { balance: 9 } }]);
  expect(codes(decision.cards[0]!)).toEqual(['card-blocked']);
});

test.each([
  ['2026-03-04T03:59:59.999Z', '2026-03-03'],
  ['2026-03-04T04:00:00Z', '2026-03-04'],
])('a sale at %s is stored under the store’s business date %s', (text, expected) => {
  const state = aPurchaseState({ stores: [aStore({ dayStartMinutes: 240 })] });
  expect(recorded({ occurredAt: at(text) }, state).purchase.businessDate).toBe(expected);
});

test('the same post, state and ids make the same decision', () => {
  const state = aPurchaseState({ customer: newContact });
  expect(decide(coffees(25), state)).toEqual(decide(coffees(25), state));
});
