import type { Logger } from 'pino';
import { readMailConfig } from '../../../infra/config/mail-config.ts';
import { assertDatabaseRole } from '../../../infra/postgres/assert-role.ts';
import { createMailBooks } from '../../../infra/postgres/mail-books.ts';
import { createPool } from '../../../infra/postgres/pool.ts';
import { inBusinesses } from '../../../infra/postgres/tenant.ts';
import { createAddressHash, createMailLinks } from '../../../infra/sealing/mail-links.ts';
import { publicFilesOf } from '../../../infra/s3/file-store.ts';
import { createSes } from '../../../infra/ses/send-mail.ts';
import { idle } from '../idle.ts';
import type { RunningFunction } from '../sqs-event.ts';
import { createEmailHandler } from './handler.ts';

/** Composition root of the function email, for Lambda and for the process `functions`. */
export async function startEmail(env: NodeJS.ProcessEnv, log: Logger): Promise<RunningFunction> {
  const config = readMailConfig(env);
  if (!config) return idle(log, 'nobody is written to: MAIL_FROM is not set');
  const pool = createPool({
    url: config.MAILER_DATABASE_URL,
    applicationName: 'email',
    maxConnections: 2,
    lockTimeoutMs: 2_000,
    statementTimeoutMs: 5_000,
    log,
  });
  await assertDatabaseRole(pool, log);
  const ses = createSes({
    region: config.AWS_REGION,
    endpoint: config.SES_ENDPOINT,
    from: config.MAIL_FROM,
    configurationSet: config.SES_CONFIGURATION_SET,
  });
  const links = createMailLinks(config.CONTACT_SEALING_KEY);
  return {
    handle: createEmailHandler({
      books: createMailBooks(pool),
      send: ses.send,
      hashAddress: createAddressHash(config.CONTACT_SEALING_KEY),
      unsubscribeUrl: (of) =>
        `${config.PUBLIC_API_URL}/v1/public/mail/unsubscribe/${links.make(of)}` +
        `?lang=${of.language.slice(0, 2)}`,
      apps: { customers: config.CUSTOMER_APP_URL, staff: config.STAFF_APP_URL },
      fileUrl: publicFilesOf(config),
      now: () => Date.now(),
      inBusiness: (businessId, work) => inBusinesses([businessId], work),
      log,
    }),
    async close() {
      ses.close();
      await pool.end();
    },
  };
}
