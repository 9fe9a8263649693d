import type { Answer, Job, PosClient, RequestOptions } from '../pos-client.ts';

/**
 * Sends a command and waits for its end, however busy the worker is.
 * @returns as if it had ended while the API waited: a status, and the result or the problem
 */
export async function settled(
  client: PosClient,
  method: string,
  path: string,
  options?: RequestOptions,
): Promise<Pick<Answer, 'status' | 'body'>> {
  const { status, body } = await client.request<{ job?: Job }>(method, path, options);
  if (status !== 202 || !body.job) return { status, body };
  const { status: end, result, problem } = await client.waitForJob(body.job.id);
  if (end === 'completed') return { status: 201, body: result ?? {} };
  return { status: problem?.status ?? 500, body: problem };
}
