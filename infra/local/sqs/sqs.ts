import { join } from 'node:path';
import { functionNames } from '../../../queues/functions.ts';
import { type StandInHandle, type StandInOptions, startStandIn } from '../stand-in.ts';

export interface SqsOptions extends StandInOptions {
  /** For tests: how long a message that was handed out is not seen; absent: as on AWS. */
  readonly visibilitySeconds?: number;
}

/** Starts the stand-in for SQS, with the functions' queues. @throws Error when it is not ready */
export function startSqs(options: SqsOptions): Promise<StandInHandle> {
  const { visibilitySeconds } = options;
  return startStandIn(
    {
      name: 'SQS',
      script: join(import.meta.dirname, 'server.ts'),
      env: visibilitySeconds === undefined ? {} : { VISIBILITY_SECONDS: String(visibilitySeconds) },
      envOfUsers: (url) => ({
        SQS_ENDPOINT: url,
        // Nobody may be made to wait for the end of a poll.
        FUNCTIONS_WAIT_SECONDS: '1',
        ...Object.fromEntries(
          functionNames.map((name) => [
            `${name.toUpperCase()}_QUEUE_URL`,
            `http://sqs.eu-west-1.localhost:${new URL(url).port}/000000000000/${name}`,
          ]),
        ),
      }),
    },
    options,
  );
}
