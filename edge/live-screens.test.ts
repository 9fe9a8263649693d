import { afterEach, describe, expect, test } from '@jest/globals';
import type { BusinessId, CardId, CustomerId, ProgramId } from '../domain/values/ids.ts';
import type { OutboxEvent } from '../queues/events/events.ts';
import { until } from '../tests/until.ts';
import { createLiveScreens, type LiveScreensDependencies } from './live-screens.ts';
import type { CustomerView } from './ports.ts';

const digits = '01jd7x0mh8e2rta5p3v0c2k9qz';
const businessId: BusinessId = `biz_${digits}`;
const customerId: CustomerId = `cus_${digits}`;
const cardId: CardId = `crd_${digits}`;
const programId: ProgramId = `prg_${digits}`;

type Watcher = Parameters<LiveScreensDependencies['news']['follow']>[1];

const running: { close(): void }[] = [];

afterEach(() => running.splice(0).forEach((screens) => screens.close()));

/** A screen on books and news that a test holds in its hands. */
function open(over: { lastEventId?: string; stillHolds?: () => Promise<boolean> } = {}) {
  const state = { sequence: 3, text: '', isEnded: false, watchers: new Set<Watcher>(), reads: 0 };
  const screens = createLiveScreens({
    news: {
      async follow(_customer, watcher) {
        state.watchers.add(watcher);
        return () => state.watchers.delete(watcher);
      },
    },
    async readHoldings() {
      state.reads += 1;
      return { cards: [aCard(state.sequence)], rewards: [] };
    },
    inBusiness: (_business, work) => work(),
    heartbeatMs: 10,
    random: () => 0,
    onTrouble: () => undefined,
  });
  running.push(screens);
  const endings: (() => void)[] = [];
  const end = () => {
    if (state.isEnded) return;
    state.isEnded = true;
    endings.forEach((listener) => listener());
  };
  screens.show({
    businessId,
    customerId,
    lastEventId: over.lastEventId,
    stillHolds: over.stillHolds ?? (async () => true),
  })({
    send: (text) => void (state.text += text),
    end,
    onEnd: (listener) => void endings.push(listener),
  });
  const tell = (event: OutboxEvent) => state.watchers.forEach((watcher) => watcher.onEvent(event));
  const types = () => [...state.text.matchAll(/^event: (.*)$/gm)].map(([, type]) => type);
  return { state, tell, types };
}

function aCard(sequence: number): CustomerView['cards'][number] {
  return {
    id: cardId,
    code: 'code',
    programId,
    programName: 'Stamps',
    unit: 'stamp',
    status: 'active',
    sequence,
    balance: 2,
    target: 10,
    expiring: [],
  };
}

const changed = (sequence: number): OutboxEvent => ({
  id: `evt_${digits}`,
  type: 'card.balance_changed',
  data: { cardId, programId, customerId, sequence, transactionId: 'txn', earned: 1, balance: 3 },
});

describe('a screen', () => {
  test('is not told of what its state had in it already', async () => {
    const { state, tell, types } = open();
    await until('the state is shown', () => types().length === 1);
    tell(changed(3));
    tell(changed(4));
    expect(types()).toEqual(['card.state', 'card.balance_changed']);
    expect(state.text).toContain(`id: ${cardId}.4\n`);
  });

  test('that has seen all there is, is shown nothing, and hears that it is still connected', async () => {
    const { state, types } = open({ lastEventId: `${cardId}.3` });
    await until('two heartbeats', () => state.text.split(':\n\n').length > 2);
    expect(types()).toEqual([]);
  });

  test('asks the books again when its news may have had a gap', async () => {
    const { state, types } = open();
    await until('the state is shown', () => types().length === 1);
    state.sequence = 5;
    state.watchers.forEach((watcher) => watcher.onGap());
    await until('the new state is shown', () => types().length === 2);
    expect(state.text).toContain(`id: ${cardId}.5\n`);
  });

  test('ends when its token does not hold any more, and follows nobody then', async () => {
    let holds = true;
    const { state } = open({ stillHolds: async () => holds });
    await until('it follows', () => state.watchers.size === 1);
    holds = false;
    await until('it has ended', () => state.isEnded);
    expect(state.watchers.size).toBe(0);
  });

  test('ends when nobody can say whether its token holds', async () => {
    const { state } = open({ stillHolds: () => Promise.reject(new Error('away')) });
    await until('it has ended', () => state.isEnded);
  });

  test('ends when its customer becomes another, so that it comes back as whom they are', async () => {
    const { state, tell } = open();
    await until('it follows', () => state.watchers.size === 1);
    tell({ id: `evt_${digits}`, type: 'customer.erased', data: { customerId, cardIds: [cardId] } });
    expect(state.isEnded).toBe(true);
  });
});
