import * as sdk from '@aws-sdk/client-cognito-identity-provider';
import { createPoolAccounts } from '../../../infra/cognito/pool-accounts.ts';
import { createPreSignUpHandler } from './handler.ts';

/*
 * The pre sign-up trigger of both user pools, as a Lambda function. It may list, make, remove and
 * link the pools' accounts, and nothing else.
 */

const { AWS_REGION: region, COGNITO_ENDPOINT: endpoint, NODE_ENV } = process.env;
if (endpoint !== undefined && NODE_ENV === 'production') {
  throw new Error('COGNITO_ENDPOINT must not be set in production: a stand-in proves nothing');
}
const client = new sdk.CognitoIdentityProviderClient({
  region: region ?? 'eu-west-1',
  // The pool waits for five seconds in all.
  maxAttempts: 2,
  requestHandler: { connectionTimeout: 500, requestTimeout: 1_500, throwOnRequestTimeout: true },
  ...(endpoint !== undefined && {
    endpoint,
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  }),
});

export const handler = createPreSignUpHandler({ accounts: createPoolAccounts({ sdk, client }) });
