import type { BusinessId, CustomerId } from '../../domain/values/ids.ts';
import type { createHoldingsDropper } from './holdings-cache.ts';

const isCustomer = (value: unknown): value is CustomerId =>
  typeof value === 'string' && value.startsWith('cus_');

/**
 * Drops what customers hold when the facts about them leave the outbox: again, and surely, where the
 * worker that committed them did not live to do it.
 */
export function createHoldingsDestination(drop: ReturnType<typeof createHoldingsDropper>) {
  return {
    name: 'holdings',
    async deliver(
      rows: readonly { businessId: string; events: readonly { data: object }[] }[],
    ): Promise<void> {
      const touched = new Map<string, { businessId: BusinessId; customerId: CustomerId }>();
      for (const { businessId, events } of rows) {
        for (const customerId of events.flatMap(({ data }) => Object.values(data))) {
          if (!isCustomer(customerId)) continue;
          touched.set(customerId, { businessId: businessId as BusinessId, customerId });
        }
      }
      await drop([...touched.values()]);
    },
  };
}
