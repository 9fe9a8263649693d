import type { JobId } from '../../domain/values/ids.ts';
import { toUuid } from './ids.ts';

/**
 * Where a page of jobs begins, newest first: behind a moment and an id.
 * @param after `<RFC 3339> job_…`; undefined for the first page
 * @returns what a statement compares with; nulls for the first page
 */
export function pageOfJobs(after: string | undefined): [at: string | null, id: string | null] {
  const [at, id] = after?.split(' ') ?? [];
  return [at ?? null, id ? toUuid(id as JobId) : null];
}
