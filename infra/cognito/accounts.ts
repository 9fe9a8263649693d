import { httpCall } from './http.ts';
import type { CognitoPools, PoolName } from './pools.ts';

/** What a signed-in app holds. */
export interface Tokens {
  accessToken: string;
  idToken: string;
  /** Absent after a refresh: the old one goes on. */
  refreshToken?: string;
  expiresInSeconds: number;
}

export type AccountRefusal =
  'sign-in-failed' | 'code-rejected' | 'weak-password' | 'too-many-requests';
export type AccountOutcome<Value = object> =
  ({ kind: 'done' } & Value) | { kind: 'refused'; code: AccountRefusal };

/** Addresses that somebody has proved to be theirs. */
export interface ProvenContacts {
  email?: string;
  phone?: string;
}

/** Cognito did not answer, or not with sense. */
export class SignInServiceAwayError extends Error {
  override readonly name = 'SignInServiceAwayError';
}

interface CognitoAnswer {
  AuthenticationResult?: {
    AccessToken?: string;
    IdToken?: string;
    RefreshToken?: string;
    ExpiresIn?: number;
  };
  UserAttributes?: { Name: string; Value?: string }[];
}

/** A no of Cognito's, by its documented name. */
class CognitoRefusal extends Error {
  override readonly name = 'CognitoRefusal';
  readonly code: string;

  constructor(code: string) {
    super(code);
    this.code = code;
  }
}

const THROTTLED = ['TooManyRequestsException', 'RequestLimitExceeded'];
/** Who asks with one address after the other must not learn which are known. */
const UNKNOWN = ['UserNotFoundException', 'NotAuthorizedException', 'UserNotConfirmedException'];
const LIMITED = ['LimitExceededException', 'TooManyFailedAttemptsException'];
const DEFAULT_EXPIRY_SECONDS = 3_600;

/**
 * Accounts with e-mail and password, in the pools. Answers never tell whether an address is known:
 * an unknown one, a wrong password, a wrong and an old code look alike.
 *
 * Cognito's public operations need no signature, so they are called directly: its SDK would cost
 * each edge 30 MB.
 */
export function createAccounts(options: { pools: CognitoPools; endpoint?: string | undefined }) {
  const { pools } = options;
  const region = pools.customers.userPoolId.split('_')[0] ?? '';
  const endpoint = new URL(options.endpoint ?? `https://cognito-idp.${region}.amazonaws.com/`);

  async function call(operation: string, input: object): Promise<CognitoAnswer> {
    const { status, body } = await httpCall(endpoint, {
      method: 'POST',
      headers: {
        'Content-Type': 'application/x-amz-json-1.1',
        'X-Amz-Target': `AWSCognitoIdentityProviderService.${operation}`,
      },
      body: JSON.stringify(input),
    }).catch((error: Error) => {
      throw new SignInServiceAwayError(`${operation}: ${error.message}`);
    });
    const answer = parseJson(body);
    if (status === 200) return answer;
    const { __type: type } = answer as { __type?: string };
    if (status !== 400 || type === undefined) {
      throw new SignInServiceAwayError(`${operation} answered ${status}`);
    }
    throw new CognitoRefusal(type.slice(type.lastIndexOf('#') + 1));
  }

  const clientOf = (pool: PoolName) => ({ ClientId: pools[pool].clientId });

  const withPassword = (pool: PoolName, { email, password }: { email: string; password: string }) =>
    call('InitiateAuth', {
      ...clientOf(pool),
      AuthFlow: 'USER_PASSWORD_AUTH',
      AuthParameters: { USERNAME: email, PASSWORD: password },
    });

  /** Whether somebody's account is confirmed. @throws CognitoRefusal for another's password */
  async function isConfirmed(pool: PoolName, account: { email: string; password: string }) {
    try {
      await withPassword(pool, account);
      return true;
    } catch (error) {
      if (error instanceof CognitoRefusal && error.code === 'UserNotConfirmedException')
        return false;
      throw error;
    }
  }

  return {
    /** Makes an account and sends a code. An address that has one is answered alike. */
    register: (
      pool: PoolName,
      { email, password, locale }: { email: string; password: string; locale?: string | undefined },
    ) =>
      settle({ InvalidPasswordException: 'weak-password' }, ['UsernameExistsException'], () =>
        call('SignUp', {
          ...clientOf(pool),
          Username: email,
          Password: password,
          UserAttributes: [{ Name: 'email', Value: email }],
          ...inLanguage(locale),
        }),
      ),

    /**
     * Proves the address with the code that was sent to it, for whoever knows the password that the
     * account was begun with. Without it, somebody could begin an account with another's address and
     * wait until its owner, in the middle of beginning theirs, confirms it for them.
     */
    confirm: (
      pool: PoolName,
      { email, password, code }: { email: string; password: string; code: string },
    ) =>
      settle(rejected('code-rejected'), [], async () => {
        if (await isConfirmed(pool, { email, password })) return;
        await call('ConfirmSignUp', {
          ...clientOf(pool),
          Username: email,
          ConfirmationCode: code,
        });
      }),

    signIn: (pool: PoolName, account: { email: string; password: string }) =>
      authenticate(() => withPassword(pool, account)),

    refresh: (pool: PoolName, { refreshToken }: { refreshToken: string }) =>
      authenticate(() =>
        call('InitiateAuth', {
          ...clientOf(pool),
          AuthFlow: 'REFRESH_TOKEN_AUTH',
          AuthParameters: { REFRESH_TOKEN: refreshToken },
        }),
      ),

    /** Ends a session: the refresh token gives nothing any more. */
    signOut: (pool: PoolName, { refreshToken }: { refreshToken: string }) =>
      settle({}, [...UNKNOWN, 'UnauthorizedException', 'UnsupportedTokenTypeException'], () =>
        call('RevokeToken', { ...clientOf(pool), Token: refreshToken }),
      ),

    /** Sends a code for a new password, if there is an account. */
    forgotPassword: (
      pool: PoolName,
      { email, locale }: { email: string; locale?: string | undefined },
    ) =>
      settle({}, [...UNKNOWN, ...LIMITED, 'InvalidParameterException'], () =>
        call('ForgotPassword', { ...clientOf(pool), Username: email, ...inLanguage(locale) }),
      ),

    confirmForgotPassword: (
      pool: PoolName,
      { email, code, password }: { email: string; code: string; password: string },
    ) =>
      settle({ ...rejected('code-rejected'), InvalidPasswordException: 'weak-password' }, [], () =>
        call('ConfirmForgotPassword', {
          ...clientOf(pool),
          Username: email,
          ConfirmationCode: code,
          Password: password,
        }),
      ),

    /** What the owner of a token has proved; undefined when the token no longer holds. */
    async provenContacts(accessToken: string): Promise<ProvenContacts | undefined> {
      try {
        const { UserAttributes = [] } = await call('GetUser', { AccessToken: accessToken });
        const value = (name: string) => UserAttributes.find(({ Name }) => Name === name)?.Value;
        const email = value('email');
        const phone = value('phone_number');
        return {
          ...(email && value('email_verified') === 'true' && { email: email.toLowerCase() }),
          ...(phone && value('phone_number_verified') === 'true' && { phone }),
        };
      } catch (error) {
        if (error instanceof CognitoRefusal && !THROTTLED.includes(error.code)) return undefined;
        throw error;
      }
    },
  };
}

/** Every way in which a code or a password can be wrong is the same to who sent it. */
function rejected(code: AccountRefusal): Readonly<Record<string, AccountRefusal>> {
  const names = [
    ...UNKNOWN,
    ...LIMITED,
    'CodeMismatchException',
    'ExpiredCodeException',
    'AliasExistsException',
    'InvalidPasswordException',
    'InvalidParameterException',
    'PasswordResetRequiredException',
  ];
  return Object.fromEntries(names.map((name) => [name, code]));
}

/**
 * @param refusals what is told of which of Cognito's refusals
 * @param silent refusals that are answered as if all had gone well
 */
async function settle(
  refusals: Readonly<Record<string, AccountRefusal>>,
  silent: readonly string[],
  work: () => Promise<unknown>,
): Promise<AccountOutcome> {
  try {
    await work();
    return { kind: 'done' };
  } catch (error) {
    if (!(error instanceof CognitoRefusal)) throw error;
    if (silent.includes(error.code)) return { kind: 'done' };
    return refusal(error, refusals);
  }
}

async function authenticate(
  work: () => Promise<CognitoAnswer>,
): Promise<AccountOutcome<{ tokens: Tokens }>> {
  try {
    const { AuthenticationResult: result } = await work();
    // Without tokens it asks for something more, which only the hosted pages know how to ask for.
    if (!result?.AccessToken || !result.IdToken) return { kind: 'refused', code: 'sign-in-failed' };
    return {
      kind: 'done',
      tokens: {
        accessToken: result.AccessToken,
        idToken: result.IdToken,
        ...(result.RefreshToken !== undefined && { refreshToken: result.RefreshToken }),
        expiresInSeconds: result.ExpiresIn ?? DEFAULT_EXPIRY_SECONDS,
      },
    };
  } catch (error) {
    if (!(error instanceof CognitoRefusal)) throw error;
    return refusal(error, rejected('sign-in-failed'));
  }
}

function refusal(
  error: CognitoRefusal,
  refusals: Readonly<Record<string, AccountRefusal>>,
): { kind: 'refused'; code: AccountRefusal } {
  const code = refusals[error.code];
  if (code) return { kind: 'refused', code };
  if (THROTTLED.includes(error.code)) return { kind: 'refused', code: 'too-many-requests' };
  throw new SignInServiceAwayError(error.code);
}

function parseJson(body: Buffer): CognitoAnswer {
  try {
    return JSON.parse(body.toString('utf8')) as CognitoAnswer;
  } catch {
    return {};
  }
}

/** For the trigger that writes the mail with the code. */
function inLanguage(locale: string | undefined) {
  return locale === undefined ? {} : { ClientMetadata: { locale } };
}
