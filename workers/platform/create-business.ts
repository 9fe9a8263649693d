import { createHash, randomBytes, randomUUID } from 'node:crypto';
import type { Pool } from 'pg';
import type { z } from 'zod';
import { formatApiKey } from '../../domain/tenancy/api-key.ts';
import type { BusinessId } from '../../domain/values/ids.ts';
import { idSource } from '../../infra/ids/id-source.ts';
import { createCommandStore } from '../../infra/postgres/command-store.ts';
import { createSetup } from '../../infra/postgres/organisation-store.ts';
import { inBusinesses } from '../../infra/postgres/tenant.ts';
import { createBusiness as command } from '../../queues/commands/create-business.ts';
import type { Principal } from '../../queues/envelope.ts';
import { hashRequest, jobIdFor } from '../../queues/job-id.ts';
import { createCreateBusinessHandler } from '../handlers/create-business/create-business.ts';

const PLATFORM: Principal = { kind: 'system', id: 'platform' };

/**
 * Adds a business and answers its first key, which is kept nowhere. Runs the command's handler on the
 * spot: whoever runs this has the workers' database role and wants the key now.
 * @param pool as a worker connects
 * @throws ZodError for a body that the command does not take
 */
export async function createBusiness(
  pool: Pool,
  body: z.input<typeof command.body>,
): Promise<{ businessId: BusinessId; apiKey: string }> {
  const apiKey = formatApiKey(randomBytes(24).toString('hex'));
  const payload = command.payload.parse({
    ...command.body.parse(body),
    secretHash: createHash('sha256').update(apiKey).digest('hex'),
    hint: apiKey.slice(-4),
  });
  const businessId = idSource.id('biz');
  const handle = createCreateBusinessHandler({
    store: createCommandStore(pool, (client) => ({ setup: createSetup(client) })),
    ids: idSource,
  });
  const identity = { businessId, principal: PLATFORM, command: command.name, key: randomUUID() };
  const message = {
    id: jobIdFor(identity),
    type: command.name,
    version: command.version,
    businessId,
    principal: PLATFORM,
    requestHash: hashRequest(payload),
    receivedAt: new Date().toISOString(),
    payload,
  };
  await inBusinesses([businessId], () => handle([message]));
  return { businessId, apiKey };
}
