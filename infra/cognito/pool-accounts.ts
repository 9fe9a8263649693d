import { randomBytes } from 'node:crypto';
import type * as CognitoSdk from '@aws-sdk/client-cognito-identity-provider';
import type { PoolAccount } from '../../domain/members/choose-account.ts';

/** Cognito lists no more of them at once; one address has one or two. */
const PAGE = 60;

/**
 * The accounts of Cognito's user pools, for their administrator. These calls are signed: only what
 * may make and remove accounts gets to use this: the functions pre-sign-up and forget-accounts.
 */
export function createPoolAccounts({
  sdk,
  client,
}: {
  sdk: typeof CognitoSdk;
  client: CognitoSdk.CognitoIdentityProviderClient;
}) {
  async function setPassword(userPoolId: string, username: string): Promise<void> {
    // Nobody knows it. Whoever wants one sets it with a code that goes to their address.
    const Password = `${randomBytes(32).toString('base64url')}aA1!`;
    const of = { UserPoolId: userPoolId, Username: username };
    await client.send(new sdk.AdminSetUserPasswordCommand({ ...of, Password, Permanent: true }));
  }

  async function isLinked(
    userPoolId: string,
    username: string,
    identity: { provider: string; subject: string },
  ): Promise<boolean> {
    const of = { UserPoolId: userPoolId, Username: username };
    const { UserAttributes = [] } = await client.send(new sdk.AdminGetUserCommand(of));
    const text = UserAttributes.find(({ Name }) => Name === 'identities')?.Value ?? '[]';
    const identities = JSON.parse(text) as { providerName?: string; userId?: string }[];
    return identities.some(
      ({ providerName, userId }) =>
        providerName === identity.provider && userId === identity.subject,
    );
  }

  return {
    async findByEmail(userPoolId: string, email: string): Promise<PoolAccount[]> {
      const { Users = [] } = await client.send(
        new sdk.ListUsersCommand({
          UserPoolId: userPoolId,
          Filter: `email = "${email}"`,
          Limit: PAGE,
        }),
      );
      return Users.map(toAccount);
    },

    async *listUnconfirmed(userPoolId: string): AsyncGenerator<PoolAccount[]> {
      let PaginationToken: string | undefined;
      do {
        const answer: CognitoSdk.ListUsersCommandOutput = await client.send(
          new sdk.ListUsersCommand({
            UserPoolId: userPoolId,
            Filter: 'cognito:user_status = "UNCONFIRMED"',
            Limit: PAGE,
            PaginationToken,
          }),
        );
        yield (answer.Users ?? []).map(toAccount);
        PaginationToken = answer.PaginationToken;
      } while (PaginationToken !== undefined);
    },

    async begin(userPoolId: string, email: string): Promise<string | undefined> {
      try {
        const { User } = await client.send(
          new sdk.AdminCreateUserCommand({
            UserPoolId: userPoolId,
            Username: email,
            MessageAction: 'SUPPRESS',
            UserAttributes: [
              { Name: 'email', Value: email },
              { Name: 'email_verified', Value: 'true' },
            ],
          }),
        );
        const username = User?.Username ?? '';
        await setPassword(userPoolId, username);
        return username;
      } catch (error) {
        if (error instanceof sdk.UsernameExistsException) return undefined;
        throw error;
      }
    },

    async link(
      userPoolId: string,
      username: string,
      identity: { provider: string; subject: string },
    ): Promise<void> {
      try {
        await client.send(
          new sdk.AdminLinkProviderForUserCommand({
            UserPoolId: userPoolId,
            DestinationUser: destinationOf(username),
            SourceUser: {
              ProviderName: identity.provider,
              ProviderAttributeName: 'Cognito_Subject',
              ProviderAttributeValue: identity.subject,
            },
          }),
        );
      } catch (error) {
        // Cognito refuses to do it twice, in the same words as much else: so it is looked up.
        if (!(error instanceof sdk.InvalidParameterException)) throw error;
        if (!(await isLinked(userPoolId, username, identity))) throw error;
      }
    },

    async remove(userPoolId: string, username: string): Promise<void> {
      try {
        const of = { UserPoolId: userPoolId, Username: username };
        await client.send(new sdk.AdminDeleteUserCommand(of));
      } catch (error) {
        if (!(error instanceof sdk.UserNotFoundException)) throw error;
      }
    },
  };
}

function toAccount({ Username, UserStatus, UserCreateDate, Attributes = [] }: CognitoSdk.UserType) {
  const isEmailProven = Attributes.some(
    ({ Name, Value }) => Name === 'email_verified' && Value === 'true',
  );
  return {
    username: Username ?? '',
    isConfirmed: UserStatus !== 'UNCONFIRMED',
    isEmailProven,
    createdAt: UserCreateDate?.getTime() ?? 0,
  };
}

/** An account that came from a provider is named by its provider. */
function destinationOf(username: string) {
  const [, provider, subject] = /^(Google|SignInWithApple)_(.+)$/i.exec(username) ?? [];
  if (provider === undefined || subject === undefined) {
    return { ProviderName: 'Cognito', ProviderAttributeValue: username };
  }
  const isGoogle = provider.toLowerCase() === 'google';
  return {
    ProviderName: isGoogle ? 'Google' : 'SignInWithApple',
    ProviderAttributeName: 'Cognito_Subject',
    ProviderAttributeValue: subject,
  };
}
