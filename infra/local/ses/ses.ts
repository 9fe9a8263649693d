import { join } from 'node:path';
import { type StandInHandle, type StandInOptions, startStandIn } from '../stand-in.ts';

/** Starts the stand-in for SES; its address shows the mails. @throws Error when it is not ready */
export function startSes(options: StandInOptions): Promise<StandInHandle> {
  return startStandIn(
    {
      name: 'SES',
      script: join(import.meta.dirname, 'server.ts'),
      env: {},
      envOfUsers: (url) => ({
        SES_ENDPOINT: url,
        MAIL_FROM: 'hello@regulars.example',
        CUSTOMER_APP_URL: 'https://cards.regulars.example',
        STAFF_APP_URL: 'https://staff.regulars.example',
      }),
    },
    options,
  );
}
