import { fork } from 'node:child_process';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import type { DrawLogo, DrawnLogo, UploadRefusal } from '../../domain/tenancy/logo.ts';

/** The largest picture allowed takes half a second. */
const LONGEST_MS = 15_000;
const MODULES = '/node_modules/';

/**
 * Draws logos in a process of its own for each, which may read its own code and nothing else, starts no
 * other, and knows no password: what a picture breaks is that process. One that is killed, or takes
 * longer than 15 s, had a picture that cannot be read.
 * @param script the bundle of `main.ts`
 */
export function createLogoProcess(script: URL): DrawLogo {
  const path = fileURLToPath(script);
  return (upload) =>
    new Promise<DrawnLogo | UploadRefusal>((resolve, reject) => {
      const child = fork(path, {
        execArgv: argumentsOf(path),
        env: { MALLOC_ARENA_MAX: '1' },
        serialization: 'advanced',
        stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
        timeout: LONGEST_MS,
        killSignal: 'SIGKILL',
      });
      child.once('message', (answer) => {
        resolve(answer as DrawnLogo | UploadRefusal);
        child.disconnect();
      });
      child.once('error', reject);
      child.once('exit', (code, signal) => {
        if (signal !== null) return resolve('image-unreadable');
        // After its answer this changes nothing.
        reject(new Error(`the process that draws logos ended with ${code}`));
      });
      child.send(Buffer.from(upload), (error) => {
        if (error) reject(error);
      });
    });
}

function argumentsOf(path: string): string[] {
  const sharp = createRequire(path).resolve('sharp');
  const modules = sharp.slice(0, sharp.lastIndexOf(MODULES) + MODULES.length);
  return [
    '--permission',
    // The decoders are not JavaScript.
    '--allow-addons',
    `--allow-fs-read=${path}`,
    `--allow-fs-read=${modules}`,
    '--disable-warning=SecurityWarning',
    '--max-old-space-size=48',
  ];
}
