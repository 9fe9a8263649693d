/** Two cafés with regulars, and what is rung up there. */
import { randomUUID } from 'node:crypto';
import { expect } from '@jest/globals';
import type { RecordPurchasePayload } from '../../queues/commands/record-purchase.ts';
import type { Envelope } from '../../queues/envelope.ts';
import type { CommandName } from '../../queues/registry.ts';
import type { Handlers } from '../../workers/handlers/handler.ts';
import { openShop, POINTS, type Shop, STAMPS } from '../journeys/shop.ts';
import { aCommandMessage, aPurchaseMessage } from './messages.ts';

/** A café by day and one whose day ends at four in the morning, and three who come to them. */
export function openCafes(ownerUrl: string): Promise<Shop> {
  return openShop(ownerUrl, {
    acceptPastDays: 3_650,
    stores: [
      { name: 'Baixa', brand: 'Café Central' },
      { name: 'Cais', brand: 'Café Central', dayStartMinutes: 240 },
    ],
    programs: [STAMPS, { ...POINTS, definition: { ...POINTS.definition, pointValueMinor: '5' } }],
    customers: ['=cmd()', 'Bela', 'Carlos'].map((name) => ({ program: 'Stamps', name })),
  });
}

/** A local time of Lisbon's summer. */
const at = (local: string) => new Date(`${local}:00+01:00`).toISOString();

export type SaleAt = Partial<RecordPurchasePayload> & { who?: number | null; store?: number };

/** What is done in a shop, straight by a worker's handlers; all of it must succeed. */
export function createCounter(handlers: Handlers) {
  async function send<Name extends CommandName>(
    shop: Shop,
    name: Name,
    payload: Parameters<typeof aCommandMessage<Name>>[2],
  ): Promise<void> {
    const message: Envelope = aCommandMessage(shop, name, payload);
    const handle = handlers[name] as (messages: never[]) => Promise<{ status: string }[]>;
    const [outcome] = await handle([message as never]);
    expect([name, outcome?.status]).toEqual([name, 'completed']);
  }
  return {
    send,
    /** Sells, to the first customer unless another is named. @returns the till's id */
    async sell(shop: Shop, local: string, over: SaleAt = {}): Promise<string> {
      const { who = 0, store = 0, ...fields } = over;
      const card = who === null ? undefined : shop.cards[who];
      const message = aPurchaseMessage(shop, {
        storeId: shop.storeIds[store]!,
        occurredAt: at(local),
        ...(card ? { customer: { cardCode: card.code } } : { customer: undefined }),
        ...fields,
      });
      const [outcome] = await handlers['record-purchase']([message]);
      expect(outcome?.status).toBe('completed');
      return message.payload.externalId;
    },
    refund: (shop: Shop, externalId: string, local: string, how: object) =>
      send(shop, 'refund-purchase', {
        sale: { externalId },
        externalId: randomUUID(),
        occurredAt: at(local),
        ...how,
      }),
  };
}
