import { z } from 'zod';
import type { BusinessId, CustomerId } from '../domain/values/ids.ts';
import { type CustomerRecord, customerSchema } from './customer-directory.ts';
import type { Reply } from './route.ts';

/** Everything held about one customer beside their record, part by part, each part in pages. */
export interface CustomerArchive {
  about(
    businessId: BusinessId,
    customerId: CustomerId,
  ): AsyncIterable<{ part: string; items: readonly object[] }>;
}

/** How long a staff member's export of a customer can be fetched. */
export const EXPORT_HOURS = 24;

/** What a route that sends such a document says of it. */
export const archiveDescription =
  'One JSON document: the customer, and their cards, transactions with explanations, postings, ' +
  'lots, rewards, offers, levels, sign-ins, mails, and what the audit log says about them.';

const rows = z.array(z.record(z.string(), z.unknown()));

export const archiveSchema = z
  .object({
    customer: customerSchema,
    cards: rows,
    transactions: rows.meta({ description: 'With what was posted and the explained outcome.' }),
    postings: rows,
    lots: rows,
    rewards: rows,
    offersGiven: rows,
    levels: rows,
    signIns: rows,
    mails: rows.meta({ description: 'That they were written to; not what was said.' }),
    audit: rows.meta({ description: 'What was done about them, and by whom.' }),
  })
  .meta({ id: 'CustomerArchive' });

/** Sends all that is held about somebody as one JSON document, without ever holding all of it. */
export function sendArchive(
  archive: CustomerArchive,
  businessId: BusinessId,
  customer: CustomerRecord,
): Reply {
  return {
    status: 200,
    stream: writeDocument(customer, archive.about(businessId, customer.id)),
    headers: {
      'Content-Type': 'application/json; charset=utf-8',
      'Content-Disposition': `attachment; filename="${customer.id}.json"`,
    },
  };
}

async function* writeDocument(
  customer: CustomerRecord,
  parts: ReturnType<CustomerArchive['about']>,
): AsyncGenerator<string> {
  yield `{"customer":${JSON.stringify(customer)}`;
  let current: string | undefined;
  for await (const { part, items } of parts) {
    const text = items.map((item) => JSON.stringify(item)).join(',\n');
    if (part === current) {
      yield `,\n${text}`;
      continue;
    }
    yield `${current === undefined ? '' : ']'},\n${JSON.stringify(part)}:[${text}`;
    current = part;
  }
  yield `${current === undefined ? '' : ']'}}\n`;
}
