import * as sdk from '@aws-sdk/client-cognito-identity-provider';
import { createPoolAccounts } from '../../../infra/cognito/pool-accounts.ts';
import { readPoolsConfig } from '../../../infra/config/config.ts';
import { createForgetAccountsHandler } from './handler.ts';

/*
 * A Lambda function that a rule of EventBridge runs once a day. It may list and remove the pools'
 * accounts, and nothing else.
 */

const config = readPoolsConfig(process.env);
const { AWS_REGION: region, COGNITO_ENDPOINT: endpoint } = config;
const client = new sdk.CognitoIdentityProviderClient({
  region,
  ...(endpoint !== undefined && {
    endpoint,
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  }),
});

export const handler = createForgetAccountsHandler({
  accounts: createPoolAccounts({ sdk, client }),
  userPoolIds: [config.COGNITO_CUSTOMERS_POOL_ID, config.COGNITO_STAFF_POOL_ID],
  now: () => Date.now(),
});
