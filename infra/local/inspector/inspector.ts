import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { isPortFree } from '../ports.ts';
import { type StandInHandle, startStandIn } from '../stand-in.ts';

const USUAL_PORT = 3003;
const ENDPOINTS = '/v1/admin/webhook-endpoints';
const NAME = 'Inspector';

/** Starts the webhook inspector: a receiver whose page shows what arrives. @throws Error when it is not ready */
export async function startInspector(dir: string, wantedPort = USUAL_PORT): Promise<StandInHandle> {
  const port = (await isPortFree(wantedPort)) ? wantedPort : undefined;
  return startStandIn(
    { name: NAME, script: join(import.meta.dirname, 'server.ts'), env: {}, envOfUsers: () => ({}) },
    { dataDir: join(dir, 'inspector'), port, restart: true },
  );
}

/**
 * Has the demo business tell the inspector what happens, and the inspector know by which secret; the
 * endpoint of an earlier start is used again.
 * @throws Error when the API refuses
 */
export async function connectInspector(options: {
  readonly edgeUrl: string;
  readonly apiKey: string;
  readonly inspectorUrl: string;
}): Promise<void> {
  const { edgeUrl, apiKey, inspectorUrl } = options;
  const url = `${inspectorUrl}/hooks`;
  const call = async <Body>(method: string, path: string, body?: object, etag?: string) => {
    const answer = await fetch(`${edgeUrl}${path}`, {
      method,
      headers: {
        Authorization: `Bearer ${apiKey}`,
        'Idempotency-Key': randomUUID(),
        ...(body && { 'Content-Type': 'application/json' }),
        ...(etag && { 'If-Match': etag }),
      },
      ...(body && { body: JSON.stringify(body) }),
    });
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
    return (await answer.json()) as Body;
  };
  interface Known {
    id: string;
    name: string;
    url: string;
    status: string;
    revision: number;
  }
  const { data } = await call<{ data: Known[] }>('GET', ENDPOINTS);
  const known = data.find(({ name }) => name === NAME);
  if (!known) {
    const { secret } = await call<{ secret: string }>('POST', ENDPOINTS, { name: NAME, url });
    await fetch(`${inspectorUrl}/secrets`, { method: 'POST', body: secret });
  } else if (known.url !== url || known.status !== 'active') {
    const etag = `"${known.revision}"`;
    await call('PATCH', `${ENDPOINTS}/${known.id}`, { url, status: 'active' }, etag);
  }
}
