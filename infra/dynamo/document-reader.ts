import { createJsonCall, type JsonCallOptions } from '../aws/json-call.ts';
import { type TransactionDocument, unpackDocument } from './document-codec.ts';
import { type DocumentKey, placeOf } from './transactions-table.ts';

/** What DynamoDB reads in one request. */
const MAX_KEYS = 100;

interface Answer {
  Responses?: Readonly<Record<string, readonly Item[]>>;
}
interface Item {
  event?: { S: string };
  document?: { B: string };
}

/**
 * Reads documents from the log of transactions. Those that are not there yet, or have none, or that
 * DynamoDB had no time for, are missing from the answer.
 * @throws Error when it is away or does not answer
 */
export function createDocumentReader(
  options: Omit<JsonCallOptions, 'service'> & { table: string; timeoutMs: number },
) {
  const { table, timeoutMs } = options;
  const call = createJsonCall({ ...options, service: 'dynamodb' });

  return async (keys: readonly DocumentKey[]): Promise<Map<string, TransactionDocument>> => {
    const found = new Map<string, TransactionDocument>();
    for (let start = 0; start < keys.length; start += MAX_KEYS) {
      const Keys = keys.slice(start, start + MAX_KEYS).map((key) => {
        const { whose, at } = placeOf(key);
        return { whose: { S: whose }, at: { S: at } };
      });
      // Not consistent, at half the price: what is there never changes, and what is missing is asked
      // of the books.
      const request = { Keys, ProjectionExpression: 'event, document' };
      const input = { RequestItems: { [table]: request } };
      const answer = await call<Answer>('BatchGetItem', input, AbortSignal.timeout(timeoutMs));
      for (const { event, document } of answer.Responses?.[table] ?? []) {
        if (event && document)
          found.set(event.S, unpackDocument(Buffer.from(document.B, 'base64')));
      }
    }
    return found;
  };
}
