import type { LocalPool } from './pools.ts';

/**
 * Makes somebody who can sign in with a password, their e-mail proved.
 *
 * @returns who they are to Cognito (`sub`)
 * @throws Error when Cognito refuses, as when there is somebody with this e-mail already
 */
export async function addPerson(
  endpoint: string,
  person: { pool: LocalPool; email: string; password: string },
): Promise<string> {
  const { pool, email, password } = person;
  const of = { UserPoolId: pool.userPoolId, Username: email };
  const UserAttributes = [
    { Name: 'email', Value: email },
    { Name: 'email_verified', Value: 'true' },
  ];
  const created = await callCognito<{ User: { Username: string } }>(endpoint, 'AdminCreateUser', {
    ...of,
    UserAttributes,
    MessageAction: 'SUPPRESS',
  });
  await callCognito(endpoint, 'AdminSetUserPassword', {
    ...of,
    Password: password,
    Permanent: true,
  });
  return created.User.Username;
}

/** Like `addPerson`, and whoever is there already is the answer. */
export async function findOrAddPerson(
  endpoint: string,
  person: { pool: LocalPool; email: string; password: string },
): Promise<string> {
  const { pool, email } = person;
  const known = await callCognito<{ Username: string }>(endpoint, 'AdminGetUser', {
    UserPoolId: pool.userPoolId,
    Username: email,
  }).catch(() => undefined);
  return known?.Username ?? addPerson(endpoint, person);
}

/** One call to the stand-in. @throws Error when it refuses */
export async function callCognito<Answer>(
  endpoint: string,
  target: string,
  body: object,
): Promise<Answer> {
  const response = await fetch(endpoint, {
    method: 'POST',
    headers: {
      'Content-Type': 'application/x-amz-json-1.1',
      'X-Amz-Target': `AWSCognitoIdentityProviderService.${target}`,
    },
    body: JSON.stringify(body),
  });
  const answer = await response.text();
  if (!response.ok) throw new Error(`Cognito's ${target} answered ${response.status}: ${answer}`);
  return JSON.parse(answer) as Answer;
}
