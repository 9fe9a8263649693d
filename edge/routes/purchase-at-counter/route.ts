import { recordPurchase } from '../../../queues/commands/record-purchase.ts';
import { hashRequest } from '../../../queues/job-id.ts';
import { text } from '../../../queues/text.ts';
import type { CommandGate } from '../../command-gate.ts';
import { commandRoute } from '../../command-route.ts';
import type { IsSamePerson } from '../../counter.ts';
import { refuseForeignStore } from '../../own-stores.ts';
import type { Books } from '../../ports.ts';
import { Problem } from '../../problems.ts';
import { checkSums } from '../../receipt-check.ts';
import { transactionResultSchema } from '../../schemas.ts';

const body = recordPurchase.body
  .omit({ externalId: true, staffId: true, occurredAt: true, customer: true })
  .extend({ cardCode: text({ min: 8, max: 64 }) });

/**
 * `POST /v1/admin/counter/purchase`: a sale of a shop without a till, by the way of every sale. Who
 * serves stands in it as `staffId`, and the request's key serves as its id.
 */
export function purchaseAtCounterRoute(deps: {
  gate: CommandGate;
  books: Books;
  isSamePerson: IsSamePerson;
  now: () => number;
}) {
  return commandRoute(deps, recordPurchase, {
    name: 'purchase-at-counter',
    method: 'post',
    path: '/v1/admin/counter/purchase',
    tag: 'Counter',
    summary: 'Ring up a purchase',
    description:
      'Earns by the program’s rules, as a till’s sale would, and is undone as stamps are. Never on one’s own card.',
    scope: 'counter:write',
    body,
    exampleBody: {
      cardCode: 'Q7xW2mB9tR4kZs1vYc8nLe',
      storeId: 'sto_01jd7x0mh8e2rta5p3v0c2k9qz',
      currency: 'EUR',
      total: 375,
    },
    done: { status: 201, description: 'Recorded.', schema: transactionResultSchema },
    async payload({ body: { cardCode, ...sale }, principal, headers }) {
      const { businessId, staffId } = principal;
      refuseForeignStore(sale.storeId, principal.storeIds);
      checkSums(sale);
      const owner = await deps.books.findCustomer(businessId, { cardCode });
      if (owner && (await deps.isSamePerson(businessId, staffId, owner.id))) {
        throw new Problem('self-award');
      }
      return {
        ...sale,
        externalId: `counter/${hashRequest({ key: headers.idempotencyKey ?? '' })}`,
        staffId,
        occurredAt: new Date(deps.now()).toISOString(),
        customer: { cardCode },
      };
    },
    compared: ({ body: { cardCode, ...sale } }) => ({ cardCode, ...sale }),
  });
}
