import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { refuseIfUp } from './stack.ts';

/** `npm run reset`: forgets the local stack's data. It stops nothing that runs. */
function reset(): void {
  const dir = join(import.meta.dirname, '..', '..', '.local');
  refuseIfUp(dir);
  rmSync(dir, { recursive: true, force: true });
  console.log(`Removed ${dir}`);
}

try {
  reset();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
