import { idSource } from '../../ids/id-source.ts';
import type { BusinessSpec } from '../seed-business.ts';

const GIFTS = 'Lantern Gifts';
const PAPER = 'Paper Crane';
const GIFTS_CARD = 'Lantern card';
const PAPER_POINTS = 'Paper Crane points';

export const currency = 'GBP';

/**
 * People to play with: one card each, empty at first. Their numbers are Ofcom's for fiction, and
 * nobody answers. The first has a stamp card of the first store's brand.
 */
const people = [
  { name: 'First guest', phone: '+447700900101', program: GIFTS_CARD },
  { name: 'Second guest', phone: '+447700900102', program: GIFTS_CARD },
  { name: 'Third guest', phone: '+447700900103', program: GIFTS_CARD },
  { name: 'Fourth guest', phone: '+447700900104', program: PAPER_POINTS },
  { name: 'Fifth guest', phone: '+447700900105', program: PAPER_POINTS },
];
export const peopleCount = people.length;

/** Two brands, three stores, a stamp and a points program, people, and the slice's customers. */
export function demoBusiness(sliceCustomers: readonly string[]): BusinessSpec {
  return {
    name: 'Lantern & Crane',
    currency,
    zone: 'Europe/London',
    // The slice is of 2010 and 2011.
    acceptPastDays: 36_500,
    stores: [
      { name: 'Camden', brand: GIFTS },
      { name: 'Greenwich', brand: GIFTS },
      { name: 'Bath', brand: PAPER },
    ],
    programs: [
      { name: GIFTS_CARD, brand: GIFTS, unit: 'stamp', definition: stampCard() },
      { name: PAPER_POINTS, brand: PAPER, unit: 'point', definition: pointPerPound },
    ],
    customers: [
      ...people,
      ...sliceCustomers.map((customer) => ({
        name: `Customer ${customer}`,
        program: homeStore(customer) === 2 ? PAPER_POINTS : GIFTS_CARD,
      })),
    ],
  };
}

/** Index of the store where a customer of the slice shops: the source knows of one shop only. */
export function homeStore(customer: string): number {
  return Number(customer) % 3;
}

// No cap a day: whoever sends the printed command twice wants to see two stamps.
function stampCard(): object {
  return {
    rules: [{ kind: 'perVisit', amount: '1' }],
    autoReward: {
      id: idSource.id('rdf'),
      name: 'Free candle',
      cost: '10',
      benefit: { kind: 'freeItem', description: 'Any candle up to £8' },
      validForDays: null,
    },
  };
}

const pointPerPound = {
  rules: [{ kind: 'perSpend', amount: '1', everyMinor: 100 }],
  carryFractions: true,
};
