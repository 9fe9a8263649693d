import type { Sequelize } from 'sequelize';
import { initBusiness } from './business.ts';
import { initCards } from './cards.ts';
import { initPrograms } from './programs.ts';

/*
 * The tables as Sequelize sees them. They serve set-up and look-ups, where clarity counts; the path
 * of a purchase uses the set-based statements beside this folder. No model holds a rule.
 */
export * from './business.ts';
export * from './cards.ts';
export * from './programs.ts';

/** Binds the models to a connection. */
export function initModels(sequelize: Sequelize): void {
  initBusiness(sequelize);
  initPrograms(sequelize);
  initCards(sequelize);
}
