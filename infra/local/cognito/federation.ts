import { randomUUID } from 'node:crypto';
import { InvalidParameterError, UserLambdaValidationError } from 'cognito-local/lib/errors.js';
import { type User, UserPoolServiceImpl } from 'cognito-local/lib/services/userPoolService.js';
import type { Targets } from 'cognito-local/lib/targets/targets.js';
import type { PreSignUpEvent } from '../../../workers/lambdas/pre-sign-up/event.ts';

/*
 * What cognito-local leaves out of identity providers: people who come from one, the trigger that is
 * asked before one of them gets an account, and linking. As Cognito does it.
 */

type Services = Parameters<typeof Targets.AdminGetUser>[0];
type Context = Parameters<ReturnType<typeof Targets.AdminGetUser>>[0];
type Trigger = (event: PreSignUpEvent) => Promise<unknown>;

interface Identity {
  userId: string;
  providerName: string;
}

interface ProviderUser {
  ProviderName: string;
  ProviderAttributeValue: string;
}

/** Somebody whom an identity provider has sent, with what it says of them. */
export interface Arrival {
  UserPoolId: string;
  ProviderName: string;
  Subject: string;
  Attributes: Readonly<Record<string, string>>;
}

const EXTERNAL = 'EXTERNAL_PROVIDER';
const MAX_IDENTITIES = 5;

/** @param trigger asked before an account is made; what it throws, the one who comes is told */
export function federationTargets(trigger: Trigger) {
  return {
    AdminLinkProviderForUser:
      ({ cognito }: Services) =>
      async (
        context: Context,
        request: { UserPoolId: string; DestinationUser: ProviderUser; SourceUser: ProviderUser },
      ) => {
        const { UserPoolId, DestinationUser: to, SourceUser: source } = request;
        const pool = await cognito.getUserPool(context, UserPoolId);
        const users = await pool.listUsers(context);
        const identity = { userId: source.ProviderAttributeValue, ...pick(source) };
        if (users.some((user) => isOf(user, identity))) {
          throw new InvalidParameterError('SourceUser is already linked or has an account.');
        }
        const user = users.find((each) =>
          to.ProviderName === 'Cognito'
            ? each.Username === to.ProviderAttributeValue
            : isOf(each, { userId: to.ProviderAttributeValue, ...pick(to) }),
        );
        const identities = user ? identitiesOf(user) : [];
        if (!user || identities.length >= MAX_IDENTITIES) {
          throw new InvalidParameterError('DestinationUser cannot be linked.');
        }
        await pool.saveUser(
          context,
          withAttributes(user, { identities: JSON.stringify([...identities, identity]) }),
        );
        return {};
      },

    /** Not one of Cognito's: its hosted pages do this within. */
    StandInArrive:
      ({ cognito }: Services) =>
      async (context: Context, arrival: Arrival) => {
        const { UserPoolId, ProviderName: providerName, Subject: userId, Attributes } = arrival;
        const pool = await cognito.getUserPool(context, UserPoolId);
        const find = async () =>
          (await pool.listUsers(context)).find((user) => isOf(user, { providerName, userId }));
        const known = await find();
        if (known) {
          // What the provider says of somebody is taken over whenever they come.
          await pool.saveUser(context, withAttributes(known, Attributes));
          return { Sub: attributeOf(known, 'sub') };
        }
        const userName = `${providerName}_${userId}`;
        await askTrigger(trigger, { UserPoolId, userName, Attributes });
        if (await find()) {
          throw new InvalidParameterError(`Already found an entry for username ${userName}`);
        }
        const identities = JSON.stringify([{ userId, providerName }]);
        const user = newUser(userName);
        await pool.saveUser(context, withAttributes(user, { ...Attributes, identities }));
        return { Sub: attributeOf(user, 'sub') };
      },
  };
}

async function askTrigger(
  trigger: Trigger,
  who: { UserPoolId: string; userName: string; Attributes: Arrival['Attributes'] },
): Promise<void> {
  try {
    await trigger({
      triggerSource: 'PreSignUp_ExternalProvider',
      userPoolId: who.UserPoolId,
      userName: who.userName,
      request: { userAttributes: who.Attributes },
      response: {},
    });
  } catch (error) {
    throw new UserLambdaValidationError(`PreSignUp failed with error ${(error as Error).message}.`);
  }
}

/**
 * People from a provider do not sign in by their address: with cognito-local alone they would stand
 * in the way of whoever has the address for a user name.
 */
export function keepExternalUsersFromSigningInByEmail(): void {
  const service = UserPoolServiceImpl.prototype;
  // oxlint-disable-next-line typescript/unbound-method -- called with its pool below
  const { getUserByUsername } = service;
  service.getUserByUsername = async function find(context, name) {
    const found = await getUserByUsername.call(this, context, name);
    if (found?.UserStatus !== EXTERNAL) return found;
    if (found.Username === name || attributeOf(found, 'sub') === name) return found;
    const others = await this.listUsers(context, `email = "${name}"`);
    return others.find((user) => user.UserStatus !== EXTERNAL) ?? null;
  };
}

function newUser(Username: string): User {
  const now = new Date();
  return {
    Username,
    Attributes: [{ Name: 'sub', Value: randomUUID() }],
    Enabled: true,
    UserStatus: EXTERNAL,
    Password: randomUUID(),
    UserCreateDate: now,
    UserLastModifiedDate: now,
    RefreshTokens: [],
  };
}

function withAttributes(user: User, changed: Readonly<Record<string, string>>): User {
  const kept = user.Attributes.filter(({ Name }) => !(Name in changed));
  const added = Object.entries(changed).map(([Name, Value]) => ({ Name, Value }));
  return { ...user, Attributes: [...kept, ...added], UserLastModifiedDate: new Date() };
}

function attributeOf(user: User, name: string): string | undefined {
  return user.Attributes.find(({ Name }) => Name === name)?.Value;
}

function identitiesOf(user: User): Identity[] {
  return JSON.parse(attributeOf(user, 'identities') ?? '[]') as Identity[];
}

function isOf(user: User, { userId, providerName }: Identity): boolean {
  return identitiesOf(user).some(
    (identity) => identity.userId === userId && identity.providerName === providerName,
  );
}

function pick({ ProviderName }: ProviderUser): { providerName: string } {
  return { providerName: ProviderName };
}
