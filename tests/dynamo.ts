import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startDynamo } from '../infra/local/dynamo/dynamo.ts';
import type { StandInHandle } from '../infra/local/stand-in.ts';

export type TestDynamo = StandInHandle & { stopAndForget(): Promise<void> };

/** A DynamoDB of its own for one test file. */
export async function startTestDynamo(): Promise<TestDynamo> {
  const dataDir = mkdtempSync(join(tmpdir(), 'regulars-dynamo-'));
  const dynamo = await startDynamo({ dataDir });
  return Object.assign(dynamo, {
    async stopAndForget() {
      await dynamo.stop();
      rmSync(dataDir, { recursive: true, force: true });
    },
  });
}
