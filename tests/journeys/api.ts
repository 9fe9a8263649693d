import { randomUUID } from 'node:crypto';
import { expect } from '@jest/globals';
import type { RouteDependencies } from '../../edge/routes/index.ts';
import { createRoutes } from '../../edge/routes/index.ts';
import { problemSchema } from '../../edge/schemas.ts';
import type { Job, ProblemBody, Transaction } from '../pos-client.ts';
import { until } from '../until.ts';

/** One answer, as it came. */
export type Reply<Body = unknown> = {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Body;
};

export type Request = {
  /** Sent as JSON. */
  readonly json?: unknown;
  /** Sent as it is. */
  readonly text?: string | Uint8Array;
  readonly headers?: Readonly<Record<string, string>>;
};

/**
 * The API without manners: every request is sent once, as it is, and every answer is held against
 * the documentation. For a till that retries see tests/pos-client.ts.
 */
export type Api = {
  send<Body = unknown>(method: string, path: string, request?: Request): Promise<Reply<Body>>;
  get<Body = unknown>(path: string, headers?: Request['headers']): Promise<Reply<Body>>;
  post<Body = { job: Job }>(
    path: string,
    json: unknown,
    headers?: Request['headers'],
  ): Promise<Reply<Body>>;
  /** Posts a sale and waits for its end. */
  postSale(sale: object, headers?: Request['headers']): Promise<Job>;
  /** The job when it has ended. */
  endOf(jobId: string): Promise<Job>;
  /** Posts a sale that must be recorded. */
  record(sale: object): Promise<Transaction>;
};

export const TRANSACTIONS = '/v1/pos/transactions';

export function createApi(edgeUrl: string, apiKey: string | undefined): Api {
  async function send(method: string, path: string, request: Request = {}): Promise<Reply> {
    const { json, text } = request;
    const content = json === undefined ? text : JSON.stringify(json);
    const answer = await fetch(edgeUrl + path, {
      method,
      headers: {
        ...(apiKey !== undefined && { Authorization: `Bearer ${apiKey}` }),
        ...(content !== undefined && { 'Content-Type': 'application/json' }),
        ...request.headers,
      },
      ...(content !== undefined && { body: content }),
    });
    const received = await answer.text();
    const type = answer.headers.get('content-type') ?? '';
    const body: unknown = /json/.test(type) ? JSON.parse(received) : received;
    const reply = { status: answer.status, headers: answer.headers, body };
    expectDocumented(method, path, reply);
    return reply;
  }
  const api: Api = {
    send: send as Api['send'],
    get: (path, headers) => api.send('GET', path, headers && { headers }),
    post: (path, json, headers) => api.send('POST', path, { json, ...(headers && { headers }) }),
    async postSale(sale, headers) {
      const { status, body } = await api.post(TRANSACTIONS, sale, headers);
      expect({ status, body }).toMatchObject({ status: 202, body: { job: expect.anything() } });
      return api.endOf(body.job.id);
    },
    endOf: (jobId) =>
      until(
        `job ${jobId} ends`,
        async () => {
          const { body } = await api.get<Job>(`/v1/jobs/${jobId}?wait=5`);
          return body.finishedAt ? body : undefined;
        },
        { timeoutMs: 40_000 },
      ),
    async record(sale) {
      const job = await api.postSale(sale);
      expect(job).toMatchObject({ status: 'completed' });
      return job.result!.transaction!;
    },
  };
  return api;
}

/** Why not: the status and the problem's code. */
export const refusal = (reply: Reply): [number, string] => [reply.status, problemCode(reply)];

/** The header that makes a command one of its own, or the same as before. */
export const withKey = (key: string = randomUUID()) => ({ 'Idempotency-Key': key });

/**
 * The answer to a command in the end, however long that takes: where the wait ran out, the same
 * request again once its job has ended.
 */
export async function toItsEnd<Body>(api: Api, send: () => Promise<Reply<Body>>) {
  const reply = await send();
  if (reply.status !== 202) return reply;
  await api.endOf((reply.body as { job: Job }).job.id);
  return send();
}

/** The last part of a problem's type. */
export function problemCode(reply: Reply): string {
  const { type } = reply.body as ProblemBody;
  return type.slice(type.lastIndexOf('/') + 1);
}

// The schemas are all that is read of them, so nothing has to stand behind the routes.
const routes = createRoutes({} as RouteDependencies);

/** Every answer is one its route documents, field by field, or a problem with its request's id. */
function expectDocumented(method: string, path: string, reply: Reply): void {
  const { status, body, headers } = reply;
  const requestId = headers.get('x-request-id');
  expect(requestId).toMatch(/^[\da-f-]{36}$/);
  const { pathname } = new URL(path, 'http://edge');
  if (status >= 400 && !pathname.startsWith('/readyz')) {
    expect(headers.get('content-type')).toMatch(/^application\/problem\+json/);
    expect(problemSchema.strict().parse(body)).toMatchObject({ status, requestId });
    expect(JSON.stringify(body)).not.toMatch(/SELECT|INSERT|node_modules|\.ts:\d/);
    return;
  }
  const isDocumented = (pattern: string) =>
    new RegExp(`^${pattern.replaceAll(/:\w+/g, '[^/]+')}$`).test(pathname);
  const route = routes.find((r) => r.method === method.toLowerCase() && isDocumented(r.path));
  const documented = route?.responses[status];
  const type = headers.get('content-type') ?? '';
  if (documented?.contentType && type.startsWith(documented.contentType)) return;
  if (!documented)
    throw new Error(`${method} ${pathname} answered ${status}, which no route documents`);
  // Parsing strips what the schema does not know, so equality shows an undocumented field.
  expect(body).toEqual(documented.schema ? documented.schema.parse(body) : '');
}
