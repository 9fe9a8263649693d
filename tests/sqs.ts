import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startSqs } from '../infra/local/sqs/sqs.ts';
import type { StandInHandle } from '../infra/local/stand-in.ts';

export type TestSqs = StandInHandle & { stopAndForget(): Promise<void> };

/** An SQS of its own for one test file, in which a message that was not done comes again after 1 s. */
export async function startTestSqs(): Promise<TestSqs> {
  const dataDir = mkdtempSync(join(tmpdir(), 'regulars-sqs-'));
  const sqs = await startSqs({ dataDir, visibilitySeconds: 1 });
  return Object.assign(sqs, {
    async stopAndForget() {
      await sqs.stop();
      rmSync(dataDir, { recursive: true, force: true });
    },
  });
}
