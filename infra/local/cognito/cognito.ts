import { join } from 'node:path';
import { freePort } from '../ports.ts';
import { type StandInHandle, type StandInOptions, startStandIn } from '../stand-in.ts';
import { customersPool, staffPool } from './pools.ts';

const root = join(import.meta.dirname, '..', '..', '..');

/** The code that this Cognito sends to everybody, so that nobody has to read it from a mail. */
export const CONFIRMATION_CODE = '123456';

/**
 * Starts the stand-in for Cognito, with the two pools. Its tokens name the real issuer, so that they
 * are verified as in production; only the address of the keys differs.
 * @throws Error when it is not ready
 */
export async function startCognito(
  options: StandInOptions & {
    /** Where its mails go; absent: into its log. */
    readonly sesEndpoint?: string | undefined;
  },
): Promise<StandInHandle> {
  const port = options.port ?? (await freePort());
  return startStandIn(
    {
      name: 'Cognito',
      script: join(import.meta.dirname, 'server.ts'),
      env: {
        CODE: CONFIRMATION_CODE,
        // As a pool is told its Lambda function.
        PRE_SIGN_UP: join(root, 'workers', 'lambdas', 'pre-sign-up', 'main.ts'),
        COGNITO_ENDPOINT: `http://127.0.0.1:${port}`,
        CUSTOM_MESSAGE: join(root, 'workers', 'lambdas', 'custom-message', 'main.ts'),
        ...(options.sesEndpoint !== undefined && { SES_ENDPOINT: options.sesEndpoint }),
        // It brings a client of an older SDK, which says so at every start.
        AWS_SDK_JS_SUPPRESS_MAINTENANCE_MODE_MESSAGE: '1',
      },
      envOfUsers: (url) => ({
        COGNITO_ENDPOINT: url,
        COGNITO_CUSTOMERS_POOL_ID: customersPool.userPoolId,
        COGNITO_CUSTOMERS_CLIENT_ID: customersPool.clientId,
        COGNITO_STAFF_POOL_ID: staffPool.userPoolId,
        COGNITO_STAFF_CLIENT_ID: staffPool.clientId,
      }),
    },
    { ...options, port },
  );
}
