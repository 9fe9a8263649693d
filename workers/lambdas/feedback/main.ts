import type { Logger } from 'pino';
import { readFeedbackConfig } from '../../../infra/config/mail-config.ts';
import { assertDatabaseRole } from '../../../infra/postgres/assert-role.ts';
import { createMailBooks } from '../../../infra/postgres/mail-books.ts';
import { createPool } from '../../../infra/postgres/pool.ts';
import { inBusinesses } from '../../../infra/postgres/tenant.ts';
import { createAddressHash } from '../../../infra/sealing/mail-links.ts';
import {
  createNotificationReader,
  fetchCertificate,
} from '../../../infra/sns/verify-notification.ts';
import { idle } from '../idle.ts';
import type { RunningFunction } from '../sqs-event.ts';
import { createFeedbackHandler } from './handler.ts';

/** Composition root of the function feedback. */
export async function startFeedback(env: NodeJS.ProcessEnv, log: Logger): Promise<RunningFunction> {
  const config = readFeedbackConfig(env);
  if (!config) return idle(log, 'nobody tells of mail: MAIL_FEEDBACK_TOPIC_ARN is not set');
  const pool = createPool({
    url: config.MAILER_DATABASE_URL,
    applicationName: 'feedback',
    maxConnections: 2,
    lockTimeoutMs: 2_000,
    statementTimeoutMs: 5_000,
    log,
  });
  await assertDatabaseRole(pool, log);
  return {
    handle: createFeedbackHandler({
      books: createMailBooks(pool),
      hashAddress: createAddressHash(config.CONTACT_SEALING_KEY),
      readNotification: createNotificationReader({
        topicArn: config.MAIL_FEEDBACK_TOPIC_ARN,
        fetchCertificate: (url) => fetchCertificate(url, config.SNS_CERTIFICATE_ENDPOINT),
      }),
      inBusiness: (businessId, work) => inBusinesses([businessId], work),
      now: () => Date.now(),
      log,
    }),
    close: () => pool.end(),
  };
}
