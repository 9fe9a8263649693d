import { chooseAccount, type PoolAccount } from '../../../domain/members/choose-account.ts';
import type { PreSignUpEvent } from './event.ts';

/** Somebody as an identity provider knows them. */
export interface ProviderIdentity {
  /** `Google` or `SignInWithApple`. */
  provider: string;
  /** Who they are there, for ever (`sub`). */
  subject: string;
}

/** The accounts of the user pools, as their administrator sees them. */
export interface PoolAccounts {
  findByEmail(userPoolId: string, email: string): Promise<PoolAccount[]>;
  /** Makes an account whose address is proved. @returns its username; undefined when it is taken */
  begin(userPoolId: string, email: string): Promise<string | undefined>;
  /** Lets an identity sign in as the account from now on. Doing it again changes nothing. */
  link(userPoolId: string, username: string, identity: ProviderIdentity): Promise<void>;
  remove(userPoolId: string, username: string): Promise<void>;
}

/**
 * Thrown once somebody has been linked: the pool then makes no second account, and tells the app,
 * which starts the sign-in again and is let in without another question.
 */
export class AccountLinkedError extends Error {
  override readonly name = 'AccountLinkedError';

  constructor() {
    super('account-linked');
  }
}

const FROM_PROVIDER = 'PreSignUp_ExternalProvider';
const PROVIDERS = ['Google', 'SignInWithApple'];
/** Others may arrive with the same address at the same moment; each round one of them is through. */
const MAX_ROUNDS = 5;

/**
 * Before a user pool makes an account for somebody who comes from Google or Apple: whoever proved the
 * same e-mail address is one person with one account, in whatever order and however they sign in.
 * Outcomes: the event, and the pool makes an account of its own (nothing proven, or not from a
 * provider that we know); `AccountLinkedError`; any other error, and the sign-in fails and can be
 * tried again, for every step may be done twice.
 */
export function createPreSignUpHandler({ accounts }: { accounts: PoolAccounts }) {
  return async (event: PreSignUpEvent): Promise<PreSignUpEvent> => {
    const { triggerSource, userPoolId, userName } = event;
    const identity = triggerSource === FROM_PROVIDER ? identityOf(userName) : undefined;
    const { email = '', email_verified: isVerified } = event.request.userAttributes;
    const isEmailProven = isVerified === 'true' && isPlain(email);
    if (!identity || !isEmailProven) return event;
    const address = email.toLowerCase();

    for (let round = 1; round <= MAX_ROUNDS; round += 1) {
      const known = await accounts.findByEmail(userPoolId, address);
      const choice = chooseAccount({ isEmailProven }, known);
      if (choice.kind === 'apart') return event;
      if (choice.kind === 'begin') {
        for (const username of choice.remove) await accounts.remove(userPoolId, username);
      }
      const username =
        choice.kind === 'link' ? choice.username : await accounts.begin(userPoolId, address);
      if (username === undefined) continue;
      await accounts.link(userPoolId, username, identity);
      throw new AccountLinkedError();
    }
    throw new Error('the address is being taken by somebody else at the same time');
  };
}

/** Pools that do not tell capitals apart write the provider's name small. */
function identityOf(userName: string): ProviderIdentity | undefined {
  const end = userName.indexOf('_');
  const named = userName.slice(0, Math.max(end, 0)).toLowerCase();
  const provider = PROVIDERS.find((name) => name.toLowerCase() === named);
  const subject = userName.slice(end + 1);
  return provider === undefined || subject === '' ? undefined : { provider, subject };
}

/** Addresses that would need quoting in a search are left alone: such people stay by themselves. */
function isPlain(email: string): boolean {
  return /^[^\s"\\@]+@[^\s"\\@]+$/.test(email);
}
