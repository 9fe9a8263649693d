import type { Redis } from 'ioredis';
import type { JobId } from '../../domain/values/ids.ts';

export interface JobProgress {
  done: number;
  total: number;
}

/** Says how far a long job is. */
export type TellProgress = (jobId: JobId, progress: JobProgress) => Promise<void>;

// Only while it runs: the outcome is in PostgreSQL.
const TTL_SECONDS = 600;
const keyOf = (prefix: string, jobId: JobId) => `${prefix}:progress:${jobId}`;

/** Keeps a long job's progress where the edge can see it. Losing it loses nothing but comfort. */
export function createProgressWriter(redis: Redis, prefix: string): TellProgress {
  return async (jobId, progress) => {
    await redis.set(keyOf(prefix, jobId), JSON.stringify(progress), 'EX', TTL_SECONDS);
  };
}

/** How far a job is; undefined for jobs that do not tell. */
export function createProgressReader(redis: Redis, prefix: string) {
  return async (jobId: JobId): Promise<JobProgress | undefined> => {
    const text = await redis.get(keyOf(prefix, jobId));
    return text === null ? undefined : (JSON.parse(text) as JobProgress);
  };
}
