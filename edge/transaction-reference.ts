import { z } from 'zod';
import { idPattern, type TransactionId } from '../domain/values/ids.ts';
import { text } from '../queues/text.ts';

const EXTERNAL = 'externalId:';

/** A path that names a sale by our id, or by the till's own. */
export const transactionParams = z.object({
  id: text({ max: 160 })
    .refine((id) => idPattern('txn').test(id) || id.startsWith(EXTERNAL), {
      error: 'must be a transaction id, or externalId: followed by the till’s own',
    })
    .meta({ examples: ['txn_01jd7x0mh8e2rta5p3v0c2k9qz'] }),
});

/** What such a path names. */
export function readTransactionReference(
  id: string,
): { transactionId: TransactionId } | { externalId: string } {
  return id.startsWith(EXTERNAL)
    ? { externalId: id.slice(EXTERNAL.length) }
    : { transactionId: id as TransactionId };
}
