/** What a receipt's line can be. Only items earn. */
export const LINE_KINDS = [
  'item',
  'tip',
  'service',
  'delivery',
  'gift_card_sale',
  'deposit',
  'donation',
] as const;
export type LineKind = (typeof LINE_KINDS)[number];

/** What a sale can be paid with. The share paid with points does not earn. */
export const TENDER_KINDS = ['cash', 'card', 'gift_card', 'points', 'voucher', 'other'] as const;
export type TenderKind = (typeof TENDER_KINDS)[number];
