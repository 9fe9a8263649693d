import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startS3 } from '../infra/local/s3/s3.ts';
import type { StandInHandle } from '../infra/local/stand-in.ts';

export type TestS3 = StandInHandle & {
  /** The files that it holds. */
  files(): string[];
  stopAndForget(): Promise<void>;
};

/** An S3 of its own for one test file, only for those that move files: it takes about a second. */
export async function startTestS3(): Promise<TestS3> {
  const dataDir = mkdtempSync(join(tmpdir(), 'regulars-s3-'));
  const s3 = await startS3({ dataDir });
  const folder = join(dataDir, 'files');
  return Object.assign(s3, {
    files: () =>
      existsSync(folder)
        ? readdirSync(folder, { recursive: true, withFileTypes: true })
            .filter((entry) => entry.isFile() && entry.name !== '.bucket.json')
            .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
        : [],
    async stopAndForget() {
      await s3.stop();
      rmSync(dataDir, { recursive: true, force: true });
    },
  });
}
