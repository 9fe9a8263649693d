import type { z } from 'zod';
import { adjustCard } from './commands/adjust-card.ts';
import { createBrand } from './commands/create-brand.ts';
import { backtestVersion } from './commands/backtest-version.ts';
import { recordPurchase } from './commands/record-purchase.ts';
import { updateBrand } from './commands/update-brand.ts';
import { createOffer } from './commands/create-offer.ts';
import { endOffer } from './commands/end-offer.ts';
import { giveOffer } from './commands/give-offer.ts';
import { giveOffers } from './commands/give-offers.ts';
import { updateOffer } from './commands/update-offer.ts';

/** Every command there is. Handlers are total over this at compile time and at boot. */
export const commands = {
  [recordPurchase.name]: recordPurchase,
  [adjustCard.name]: adjustCard,
  [createBrand.name]: createBrand,
  [updateBrand.name]: updateBrand,
  [backtestVersion.name]: backtestVersion,
  [createOffer.name]: createOffer,
  [updateOffer.name]: updateOffer,
  [endOffer.name]: endOffer,
  [giveOffer.name]: giveOffer,
  [giveOffers.name]: giveOffers,
} as const;

export type CommandName = keyof typeof commands;
export type PayloadOf<Name extends CommandName> = z.output<(typeof commands)[Name]['payload']>;
