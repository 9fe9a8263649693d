import { type Dirent, mkdtempSync, readdirSync, rmSync } from 'node:fs';
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
    files: () => filesBelow(folder).map((path) => path.slice(folder.length + 1)),
    async stopAndForget() {
      await s3.stop();
      rmSync(dataDir, { recursive: true, force: true });
    },
  });
}

/** A folder goes with the last file in it, which may be while this looks. */
function filesBelow(folder: string): string[] {
  let entries: Dirent[];
  try {
    entries = readdirSync(folder, { withFileTypes: true });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
  return entries.flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return filesBelow(path);
    return entry.isFile() && entry.name !== '.bucket.json' ? [path] : [];
  });
}
