import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type DynamoHandle, startDynamo } from '../infra/local/dynamo/dynamo.ts';

export type TestDynamo = DynamoHandle & { stopAndForget(): Promise<void> };

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
