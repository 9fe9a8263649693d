/**
 * Makes one file of each process's own code, `.build/<process>.mjs`; packages stay where npm put
 * them. Plain JavaScript, because the bootstrap runs it on the Node that happens to be there.
 * `node infra/build/build.mjs` does the same by hand.
 */
import { copyFileSync, mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('../..', import.meta.url));
const target = join(root, '.build');

const entryPoints = {
  edge: 'edge/main.ts',
  worker: 'workers/main.ts',
  relay: 'workers/relay/main.ts',
};
/** What a process reads from beside its entry point. */
const files = ['edge/openapi/openapi.json'];

/** Takes about 0.2 s. @throws Error when the code cannot be bundled */
export async function buildProcesses() {
  const { outputFiles } = await build({
    absWorkingDir: root,
    entryPoints,
    outdir: target,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    packages: 'external',
    platform: 'node',
    format: 'esm',
    target: 'node24',
    sourcemap: 'linked',
    sourcesContent: false,
    write: false,
    logLevel: 'error',
  });
  mkdirSync(target, { recursive: true });
  for (const { path, contents } of outputFiles) replaceFile(path, contents);
  for (const file of files) {
    const copy = join(target, file.slice(file.indexOf('/') + 1));
    mkdirSync(dirname(copy), { recursive: true });
    copyFileSync(join(root, file), copy);
  }
}

/** In one step: somebody may be starting from it. */
function replaceFile(path, contents) {
  const fresh = `${path}.${process.pid}`;
  writeFileSync(fresh, contents);
  renameSync(fresh, path);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await buildProcesses();
