import { toCsv } from '../domain/files/csv.ts';
import type { Reply, RequestHeaders } from './route.ts';

/** Whether a client would rather have CSV than JSON. */
export function wantsCsv({ accept }: RequestHeaders): boolean {
  return /^\s*text\/csv\b/i.test(accept ?? '');
}

/** Answers with a CSV file, page after page of rows, whatever their number. */
export function csvReply(
  fileName: string,
  columns: readonly string[],
  pages: AsyncIterable<readonly (readonly unknown[])[]>,
): Reply {
  return {
    status: 200,
    stream: toCsv(columns, pages),
    headers: {
      'Content-Type': 'text/csv; charset=utf-8',
      'Content-Disposition': `attachment; filename="${fileName}"`,
    },
  };
}
