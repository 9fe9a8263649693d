import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startSes } from '../infra/local/ses/ses.ts';
import type { StandInHandle } from '../infra/local/stand-in.ts';

/** A mail as the stand-in shows it. */
export type SentMail = {
  readonly from: string;
  readonly subject: string;
  readonly destination: { readonly to: readonly string[] };
  readonly body: { readonly html: string; readonly text: string };
  readonly headers: readonly { readonly name: string; readonly value: string }[];
};

export type TestSes = StandInHandle & {
  /** What was sent to an address; to anybody without one. */
  mailsTo(address?: string): Promise<SentMail[]>;
  stopAndForget(): Promise<void>;
};

/** An SES of its own for one test file. */
export async function startTestSes(): Promise<TestSes> {
  const dataDir = mkdtempSync(join(tmpdir(), 'regulars-ses-'));
  const ses = await startSes({ dataDir });
  return Object.assign(ses, {
    async mailsTo(address?: string) {
      const response = await fetch(new URL('/store', ses.url));
      const { emails } = (await response.json()) as { emails: SentMail[] };
      return emails.filter((mail) => !address || mail.destination.to.includes(address));
    },
    async stopAndForget() {
      await ses.stop();
      rmSync(dataDir, { recursive: true, force: true });
    },
  });
}

/** A header of a mail. */
export function headerOf(mail: SentMail, name: string): string | undefined {
  return mail.headers.find((header) => header.name === name)?.value;
}
