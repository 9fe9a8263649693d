import { z } from 'zod';
import { locale } from '../queues/personal.ts';
import { text } from '../queues/text.ts';
import type { Pool } from './ports.ts';
import { Problem } from './problems.ts';
import type { Reply } from './route.ts';

/** What a signed-in app holds. */
export interface Tokens {
  accessToken: string;
  idToken: string;
  refreshToken?: string;
  expiresInSeconds: number;
}

type Refused = {
  kind: 'refused';
  code: 'sign-in-failed' | 'code-rejected' | 'weak-password' | 'too-many-requests';
};
export type AccountOutcome<Value = object> = ({ kind: 'done' } & Value) | Refused;

/**
 * Accounts with e-mail and password. No outcome tells whether an address is known: to who asks, an
 * address without an account looks like a wrong password, or like a code on its way.
 */
export interface Accounts {
  register(
    pool: Pool,
    account: { email: string; password: string; locale?: string | undefined },
  ): Promise<AccountOutcome>;
  /** For whoever knows the password that the account was begun with. */
  confirm(
    pool: Pool,
    proof: { email: string; password: string; code: string },
  ): Promise<AccountOutcome>;
  signIn(
    pool: Pool,
    account: { email: string; password: string },
  ): Promise<AccountOutcome<{ tokens: Tokens }>>;
  refresh(
    pool: Pool,
    session: { refreshToken: string },
  ): Promise<AccountOutcome<{ tokens: Tokens }>>;
  signOut(pool: Pool, session: { refreshToken: string }): Promise<AccountOutcome>;
  forgotPassword(
    pool: Pool,
    account: { email: string; locale?: string | undefined },
  ): Promise<AccountOutcome>;
  confirmForgotPassword(
    pool: Pool,
    proof: { email: string; code: string; password: string },
  ): Promise<AccountOutcome>;
  /** Addresses that a token's owner has proved; undefined when the token no longer holds. */
  provenContacts(accessToken: string): Promise<{ email?: string; phone?: string } | undefined>;
}

/** Where apps send people to sign in with more than a password. */
export interface SignInPool {
  region: string;
  userPoolId: string;
  clientId: string;
  /** Whom its tokens are from. */
  issuer: string;
  /** Of the hosted pages; null where there are none. */
  domain: string | null;
  /** Identity providers that the hosted pages offer beside a password. */
  providers: readonly string[];
  /** What an app has to ask for. */
  scopes: readonly string[];
}

/** What the helpers for accounts need. */
export interface AccountDependencies {
  /** Undefined where nobody signs in. */
  accounts: Accounts | undefined;
}

export const accountFields = {
  pool: z.enum(['customers', 'staff']).default('customers').meta({ description: 'Who signs in.' }),
  email: z.email().max(254).toLowerCase(),
  password: text({ max: 256 }),
  newPassword: text({ min: 10, max: 256 }).meta({ description: 'At least 10 characters.' }),
  code: text({ max: 32 }).meta({ description: 'As it came by e-mail.', examples: ['123456'] }),
  token: text({ max: 8_192 }),
  locale: locale.optional().meta({ description: 'Of the mail with the code. BCP 47.' }),
};

export const tokensSchema = z
  .object({
    accessToken: z.string(),
    idToken: z.string(),
    refreshToken: z.string().optional(),
    expiresInSeconds: z.int(),
  })
  .meta({ id: 'Tokens' });

/** @throws Problem `not-found` where nobody signs in */
export function requireAccounts({ accounts }: AccountDependencies): Accounts {
  if (accounts) return accounts;
  throw new Problem('not-found', { detail: 'Nobody signs in here: no user pool is set up.' });
}

/** The answer to an outcome. @throws Problem for a refusal */
export function accountReply<Value extends object>(
  outcome: AccountOutcome<Value>,
  answer: { status: number; body: (done: Value) => object },
): Reply {
  if (outcome.kind === 'refused') throw new Problem(outcome.code);
  return { status: answer.status, body: answer.body(outcome) };
}
