import { createDefaultServer } from 'cognito-local/lib/server/defaults.js';
import { Targets } from 'cognito-local/lib/targets/targets.js';
import pino from 'pino';
import type { PreSignUpEvent } from '../../../workers/lambdas/pre-sign-up/event.ts';
import { federationTargets, keepExternalUsersFromSigningInByEmail } from './federation.ts';
import { sendLettersBy } from './letters.ts';
import { seedPools } from './seed-pools.ts';
import { namingTheirSignIn } from './signing.ts';

/*
 * cognito-local as a process of its own, in a working directory of its own, with what it leaves out
 * and we lean on: a code that was sent to an address and came back proves the address; tokens name
 * their sign-in; people come from identity providers, and our trigger is asked what to make of them;
 * codes are in mails of ours.
 */

type Services = Parameters<typeof Targets.AdminGetUser>[0];
type Context = Parameters<ReturnType<typeof Targets.AdminGetUser>>[0];

async function proveEmail(
  { cognito }: Services,
  context: Context,
  request: { ClientId: string | undefined; Username: string | undefined },
): Promise<void> {
  const pool = await cognito.getUserPoolForClientId(context, request.ClientId ?? '');
  const user = await pool.getUserByUsername(context, request.Username ?? '');
  if (!user) return;
  const others = user.Attributes.filter(({ Name }) => Name !== 'email_verified');
  const Attributes = [...others, { Name: 'email_verified', Value: 'true' }];
  await pool.saveUser(context, { ...user, Attributes });
}

/** The function that a pool is told to ask; loaded when somebody comes from a provider. */
async function preSignUp(event: PreSignUpEvent): Promise<unknown> {
  const path = process.env['PRE_SIGN_UP'];
  if (path === undefined) return event;
  const { handler } = (await import(path)) as { handler: (of: PreSignUpEvent) => Promise<unknown> };
  return handler(event);
}

const { CUSTOM_MESSAGE: customMessage, SES_ENDPOINT: sesEndpoint } = process.env;
if (customMessage !== undefined && sesEndpoint !== undefined) {
  const { handler: write } = (await import(customMessage)) as {
    handler: Parameters<typeof sendLettersBy>[0]['write'];
  };
  sendLettersBy({ write, sesEndpoint, from: 'hello@regulars.example' });
}
keepExternalUsersFromSigningInByEmail();
const { ConfirmSignUp, ConfirmForgotPassword, InitiateAuth } = Targets;
Object.assign(Targets, {
  ...federationTargets(preSignUp),
  InitiateAuth: namingTheirSignIn(InitiateAuth),
  ConfirmSignUp: ((services) => async (context, request) => {
    const answer = await ConfirmSignUp(services)(context, request);
    await proveEmail(services, context, request);
    return answer;
  }) satisfies typeof ConfirmSignUp,
  ConfirmForgotPassword: ((services) => async (context, request) => {
    const answer = await ConfirmForgotPassword(services)(context, request);
    await proveEmail(services, context, request);
    return answer;
  }) satisfies typeof ConfirmForgotPassword,
});

// It keeps everything below the folder that it runs in.
const { DATA: dataDir = process.cwd() } = process.env;
process.chdir(dataDir);
seedPools(dataDir);
const log = pino({ level: 'info', base: null });
const server = await createDefaultServer(
  log as unknown as Parameters<typeof createDefaultServer>[0],
);
await server.start();
log.info({ event: 'ready' }, 'cognito-local is up');
