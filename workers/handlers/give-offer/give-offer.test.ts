import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Pool } from 'pg';
import type { OfferId } from '../../../domain/values/ids.ts';
import type { SeededBusiness } from '../../../infra/local/seed-business.ts';
import { toUuid } from '../../../infra/postgres/ids.ts';
import type { Envelope } from '../../../queues/envelope.ts';
import { hashRequest, jobIdFor } from '../../../queues/job-id.ts';
import { type CommandName, commands, type PayloadOf } from '../../../queues/registry.ts';
import { aPurchaseMessage } from '../../../tests/builders/messages.ts';
import { createTestDatabase, createTestPool, type TestDatabase } from '../../../tests/database.ts';
import { createTestHandlers } from '../../../tests/handlers.ts';
import { openShop, STAMPS } from '../../../tests/journeys/shop.ts';
import { assertBooks } from '../../../tests/ledger-check.ts';
import type { Handlers } from '../handler.ts';

const CUSTOMERS = 40;
let database: TestDatabase;
let business: SeededBusiness;
const pools: Pool[] = [];

beforeAll(async () => {
  database = await createTestDatabase();
  business = await openShop(database.ownerUrl, {
    // A sale opens no card: then there is none that it could lock.
    programs: [{ ...STAMPS, enrolment: 'by-request' }],
    customers: Array.from({ length: CUSTOMERS }, () => ({ program: 'Stamps' })),
  });
});

afterAll(async () => {
  await assertBooks(database.ownerUrl);
  await Promise.all(pools.map((pool) => pool.end()));
  await database.drop();
});

/** A worker's handlers on connections of their own. */
function aWorker(): Handlers {
  const pool = createTestPool(database.workerUrl);
  pools.push(pool);
  return createTestHandlers(pool);
}

function aMessage<Name extends CommandName>(name: Name, body: object): Envelope<PayloadOf<Name>> {
  const payload = commands[name].payload.parse(body) as PayloadOf<Name>;
  const principal = { kind: 'integration', id: 'pos' } as const;
  const { businessId } = business;
  return {
    id: jobIdFor({ businessId, principal, command: name, key: randomUUID() }),
    type: name,
    version: commands[name].version,
    businessId,
    principal,
    requestHash: hashRequest(payload),
    receivedAt: new Date().toISOString(),
    payload,
  };
}

test.each([
  ['who hold no card yet', true],
  ['who hold one', false],
])(
  'an offer given while two workers sell to customers %s misses no sale',
  async (_, isCardless) => {
    const customers = business.cards.slice(isCardless ? 0 : CUSTOMERS / 2).slice(0, CUSTOMERS / 2);
    if (isCardless) {
      const ids = customers.map(({ id }) => toUuid(id));
      await database.query('DELETE FROM loyalty.cards WHERE id = ANY($1)', [ids]);
    }
    const [giver, ...sellers] = [aWorker(), aWorker(), aWorker()];
    const terms = {
      programId: business.programs[0]?.id,
      name: 'Two coffees',
      kind: 'accumulate',
      thresholdMinor: 2_000,
      windowHours: 2,
      benefit: { kind: 'balance', amount: '1' },
    };
    const [made] = await giver['create-offer']([aMessage('create-offer', terms)]);
    const offerId = (made as unknown as { result: { id: OfferId } }).result.id;
    const now = Date.now();
    await Promise.all(
      customers.map(async ({ customerId }, i) => {
        const receivedAt = new Date(now - 3_600_000).toISOString();
        const occurredAt = new Date(now - 60_000).toISOString();
        await pause(i * 4);
        await Promise.all([
          ...sellers.map((seller) =>
            seller['record-purchase']([
              aPurchaseMessage(business, { customer: { customerId }, occurredAt }),
            ]),
          ),
          pause(i % 4).then(() =>
            giver['give-offer']([aMessage('give-offer', { offerId, customerId, receivedAt })]),
          ),
        ]);
      }),
    );
    const missed = await database.query(
      `SELECT i.customer_id, count(c)::int AS sales FROM loyalty.offer_instances i
       LEFT JOIN loyalty.offer_contributions c
         ON c.business_id = i.business_id AND c.instance_id = i.id
      WHERE i.offer_id = $1 GROUP BY 1 HAVING count(c) <> 2`,
      [toUuid(offerId)],
    );
    expect(missed).toEqual([]);
  },
);
