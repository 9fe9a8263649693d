import { httpText } from './http.ts';
import type { Credentials } from './sign.ts';

/** The address at which a machine of EC2 learns what it may do (IMDSv2). */
const METADATA = 'http://169.254.169.254/latest';
const TOKEN_SECONDS = '300';
const EARLY_MS = 5 * 60_000;

interface RoleCredentials {
  AccessKeyId: string;
  SecretAccessKey: string;
  Token: string;
  Expiration: string;
}

/**
 * Who this process is to AWS: what the environment says, else the role of the machine it runs on,
 * asked for anew five minutes before it ends.
 */
export function createCredentials(env: NodeJS.ProcessEnv): () => Promise<Credentials> {
  const {
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    AWS_SESSION_TOKEN: sessionToken,
  } = env;
  if (accessKeyId !== undefined && secretAccessKey !== undefined) {
    return async () => ({ accessKeyId, secretAccessKey, sessionToken });
  }
  let known: { credentials: Credentials; until: number } | undefined;
  return async () => {
    if (known && Date.now() < known.until) return known.credentials;
    const role = await askMachine();
    const credentials = {
      accessKeyId: role.AccessKeyId,
      secretAccessKey: role.SecretAccessKey,
      sessionToken: role.Token,
    };
    known = { credentials, until: Date.parse(role.Expiration) - EARLY_MS };
    return credentials;
  };
}

async function askMachine(): Promise<RoleCredentials> {
  const token = await httpText(new URL(`${METADATA}/api/token`), {
    method: 'PUT',
    headers: { 'x-aws-ec2-metadata-token-ttl-seconds': TOKEN_SECONDS },
  });
  const headers = { 'x-aws-ec2-metadata-token': token };
  const roles = new URL(`${METADATA}/meta-data/iam/security-credentials/`);
  const role = (await httpText(roles, { method: 'GET', headers })).trim();
  const answer = await httpText(new URL(role, roles), { method: 'GET', headers });
  return JSON.parse(answer) as RoleCredentials;
}
