import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';

/** What must stay the same from start to start, or the data could not be read any more. */
export type Secrets = {
  /** 32 bytes, base64. */
  readonly contactSealingKey: string;
  readonly opsPassword: string;
};

/**
 * The secrets in a file that only its owner may read; made on first use.
 *
 * @throws Error when the file exists and is not JSON
 */
export function keepSecrets(file: string): Secrets {
  if (existsSync(file)) return JSON.parse(readFileSync(file, 'utf8')) as Secrets;
  const secrets: Secrets = {
    contactSealingKey: randomBytes(32).toString('base64'),
    opsPassword: randomBytes(15).toString('base64url'),
  };
  writeFileSync(file, JSON.stringify(secrets, undefined, 2), { mode: 0o600 });
  return secrets;
}
