import { join } from 'node:path';
import { type StandInHandle, type StandInOptions, startStandIn } from '../stand-in.ts';

const SESSIONS_TABLE = 'regulars-sessions';
const TRANSACTIONS_TABLE = 'regulars-transactions';

/** Starts the stand-in for DynamoDB, with our tables. @throws Error when it is not ready */
export function startDynamo(options: StandInOptions): Promise<StandInHandle> {
  return startStandIn(
    {
      name: 'DynamoDB',
      script: join(import.meta.dirname, 'server.ts'),
      env: { SESSIONS_TABLE, TRANSACTIONS_TABLE },
      envOfUsers: (url) => ({ DYNAMO_ENDPOINT: url, SESSIONS_TABLE, TRANSACTIONS_TABLE }),
    },
    options,
  );
}
