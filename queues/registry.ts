import type { z } from 'zod';
import { adjustCard } from './commands/adjust-card.ts';
import { recordPurchase } from './commands/record-purchase.ts';

/** Every command there is. Handlers are total over this at compile time and at boot. */
export const commands = {
  [recordPurchase.name]: recordPurchase,
  [adjustCard.name]: adjustCard,
} as const;

export type CommandName = keyof typeof commands;
export type PayloadOf<Name extends CommandName> = z.output<(typeof commands)[Name]['payload']>;
