import type { Pool } from 'pg';
import pino, { type Logger } from 'pino';
import type { FileStore } from '../domain/files/file-store.ts';
import { createContactSealer } from '../infra/sealing/contact-sealer.ts';
import { createPersonalSealer } from '../infra/sealing/personal-sealer.ts';
import { busyOnes } from '../infra/postgres/pool.ts';
import { createBatchers } from '../workers/batching/batchers.ts';
import type { Handlers } from '../workers/handlers/handler.ts';
import { createHandlers } from '../workers/wiring.ts';

const KEY = Buffer.alloc(32).toString('base64');

/** Every handler as a worker has it, on a test database and without a queue. */
export function createTestHandlers(
  pool: Pool,
  log: Logger = pino({ level: 'silent' }),
  files?: FileStore,
): Handlers {
  return createHandlers({
    pool,
    analysisPool: pool,
    sealer: createContactSealer(KEY),
    personal: createPersonalSealer(KEY),
    tellProgress: async () => undefined,
    ...(files && { files }),
    drawLogo: async () => 'image-unreadable',
    log,
  });
}

/** The same behind a worker's batching: what one sale has to wait for holds up no other. */
export function createTestWorker(pool: Pool): Handlers {
  const handlers = createTestHandlers(pool);
  const { 'record-purchase': sales } = createBatchers(handlers, {
    maxSize: 200,
    isOutage: () => false,
    busyOnes,
    sleep: async () => undefined,
    onFinished: async () => undefined,
    log: pino({ level: 'silent' }),
  });
  return {
    ...handlers,
    'record-purchase': (messages) => Promise.all(messages.map((message) => sales.submit(message))),
  };
}
