import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

const debianChecker = '/usr/bin/redis-check-rdb';

/**
 * Finds a Redis server on this machine. Plain JavaScript, because the bootstrap needs it before
 * anything is installed.
 *
 * Debian's `redis-tools` has no `redis-server`, but its `redis-check-rdb` is the very same program:
 * it looks at the name it was called by.
 *
 * @returns {{ file: string, argv0: string } | undefined}
 */
export function findRedis() {
  for (const name of ['redis-server', 'valkey-server']) {
    for (const folder of (process.env.PATH ?? '').split(delimiter)) {
      const file = join(folder, name);
      if (folder !== '' && canRun(file)) return { file, argv0: file };
    }
  }
  return canRun(debianChecker) ? { file: debianChecker, argv0: 'redis-server' } : undefined;
}

function canRun(file) {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
