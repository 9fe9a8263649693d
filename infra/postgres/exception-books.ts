import type { ExceptionBooks } from '../../domain/exceptions/exception-books.ts';
import { toUuid } from './ids.ts';
import type { Queryable } from './pool.ts';
import { runStatement } from './statement.ts';
import {
  type ExceptionRow,
  insertExceptions,
  lockExceptions,
  settleExceptions,
} from './statements/exceptions.ts';

/** Exceptions, bound to one transaction's connection. */
export function createExceptionBooks(client: Queryable): ExceptionBooks {
  return {
    async raise({ id, businessId, kind, jobId, detail }) {
      await runStatement(client, insertExceptions, [
        { business_id: toUuid(businessId), id: toUuid(id), kind, job_id: toUuid(jobId), detail },
      ]);
    },
    async lock(businessId, id) {
      type Row = Pick<ExceptionRow, 'kind' | 'settled_at'>;
      const key = { business_id: toUuid(businessId), id: toUuid(id) };
      const [row] = await runStatement<Row>(client, lockExceptions, [key]);
      return row && { kind: row.kind, isSettled: row.settled_at !== null };
    },
    async settle(businessId, id, { at, by, note }) {
      await runStatement(client, settleExceptions, [
        {
          business_id: toUuid(businessId),
          id: toUuid(id),
          settled_at: new Date(at).toISOString(),
          settled_by: by,
          note,
        },
      ]);
    },
  };
}
