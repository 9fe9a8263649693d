import { type Shop, cardCode } from './shops.ts';

/** What tills post: two or three lines and a loyalty card. Made from its number, so it repeats. */
export interface Sale {
  externalId: string;
  storeId: string;
  occurredAt: string;
  currency: string;
  total: number;
  lines: { sku: string; category: string; quantity: string; unitPrice: number; tax: number }[];
  tenders: { kind: 'card'; amount: number }[];
  customer: { cardCode: string };
}

const MENU = [
  { sku: 'flat-white', category: 'coffee', unitPrice: 380 },
  { sku: 'croissant', category: 'bakery', unitPrice: 240 },
  { sku: 'orange-juice', category: 'drinks', unitPrice: 420 },
  { sku: 'sandwich-ham', category: 'food', unitPrice: 650 },
] as const;

/** The `number`-th sale of a run; shops take turns and cards are drawn evenly. */
export function makeSale(options: {
  runId: string;
  number: number;
  shops: readonly Shop[];
  now: Date;
}): { shop: Shop; sale: Sale } {
  const { runId, number, shops, now } = options;
  const shop = shops[number % shops.length];
  if (!shop) throw new RangeError('a sale needs a shop');
  const draw = hash(`${runId}/${number}`);
  const lines = Array.from({ length: 2 + (draw % 2) }, (_, i) => {
    const item = MENU[(draw + i) % MENU.length] ?? MENU[0];
    return { ...item, quantity: '1', tax: Math.round(item.unitPrice * 0.13) };
  });
  const total = lines.reduce((sum, { unitPrice }) => sum + unitPrice, 0);
  const sale: Sale = {
    externalId: `${runId}-${String(number).padStart(6, '0')}`,
    storeId: shop.storeId,
    occurredAt: now.toISOString(),
    currency: shop.currency,
    total,
    lines,
    tenders: [{ kind: 'card', amount: total }],
    customer: { cardCode: cardCode(draw % shop.cards) },
  };
  return { shop, sale };
}

/** FNV-1a with a final mix: even enough to spread sales over a million cards. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let i = 0; i < text.length; i += 1) {
    value = Math.imul(value ^ text.charCodeAt(i), 0x01000193);
  }
  value = Math.imul(value ^ (value >>> 16), 0x45d9f3b);
  return (value ^ (value >>> 16)) >>> 0;
}
