import { addRecord, refuse, type SetupDependencies, type SetupRepos } from '../change.ts';
import { createCommandHandler } from '../command.ts';

/**
 * Adds a program without any version: it gives nothing before one is published. Outcomes:
 * `completed`, `unknown-brand`, `unknown-store`.
 */
export function createCreateProgramHandler({ store, ids }: SetupDependencies) {
  return createCommandHandler<'create-program', SetupRepos>(
    { store, ids },
    async ({ setup }, message) => {
      const { businessId, payload } = message;
      const business = await setup.businesses.lock(businessId, businessId);
      const brand = await setup.brands.lock(businessId, payload.brandId);
      if (!business || !brand) return refuse('unknown-brand');
      const unknown = await setup.unknownStores(businessId, payload.storeIds ?? []);
      if (unknown.length > 0) return refuse('unknown-store', `There is no store ${unknown[0]}.`);
      return addRecord(setup.programs, message, {
        id: ids.id('prg'),
        fields: {
          ...payload,
          currency: payload.currency ?? business.defaultCurrency,
          zone: payload.zone ?? business.zone,
          enrolment: payload.enrolment ?? 'automatic',
        },
      });
    },
  );
}
