import type { FileStore } from '../domain/files/file-store.ts';
import type { Instant } from '../domain/values/time.ts';
import { Problem } from './problems.ts';

/** Long enough to click on; a link that went astray is soon worth nothing. */
const LINK_SECONDS = 15 * 60;

/**
 * The files of an export or a report, each with a link that opens it for 15 minutes, or for as long as
 * the file is there; null once it is gone.
 * @param made.expiresAt until when the files are kept, as RFC 3339
 * @throws Problem `files-unavailable`
 */
export async function linkFiles<File extends { name: string }>(
  deps: { files: FileStore | undefined; now: () => Instant },
  made: { files: readonly File[]; expiresAt: string },
  keyOf: (name: string) => string,
): Promise<(File & { url: string | null })[]> {
  const { files } = deps;
  if (!files) throw new Problem('files-unavailable');
  const left = Math.floor((Date.parse(made.expiresAt) - deps.now()) / 1_000);
  const seconds = Math.min(left, LINK_SECONDS);
  return Promise.all(
    made.files.map(async (file) => ({
      ...file,
      url: seconds > 0 ? await files.link(keyOf(file.name), seconds) : null,
    })),
  );
}
