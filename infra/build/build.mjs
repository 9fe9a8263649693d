/**
 * Makes one file of each process, `.build/<process>.mjs`, its packages in it. Plain JavaScript, because the bootstrap runs it on the Node that happens to be there.
 * `node infra/build/build.mjs` does the same by hand.
 */
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('../..', import.meta.url));
const target = join(root, '.build');

const entryPoints = {
  edge: 'edge/main.ts',
  worker: 'workers/main.ts',
  relay: 'workers/relay/main.ts',
  functions: 'workers/functions/main.ts',
  images: 'infra/images/main.ts',
  'lambdas/email': 'workers/lambdas/email/lambda.ts',
  'lambdas/feedback': 'workers/lambdas/feedback/lambda.ts',
  'lambdas/analytics': 'workers/lambdas/analytics/lambda.ts',
};
/** Packages that stay where npm put them. */
const apart = [
  // Sequelize and pg ask for them and go on without.
  'pg-hstore',
  'pg-native',
  // Most of it is not JavaScript, and lies beside its code.
  'sharp',
  // They send files that lie beside their code.
  '@bull-board/*',
  '@scalar/*',
  // Loaded when somebody signs in, if at all.
  '@aws-sdk/*',
  // Loaded where there is a collector for traces.
  '@opentelemetry/*',
];
/** What is bundled in place of a package. */
const instead = {
  // Without the history of every time zone: Sequelize is told `+00:00`, which is in none of them.
  'moment-timezone': 'moment-timezone/moment-timezone.js',
};
/** What a package that is still CommonJS expects to find. */
const requireForPackages =
  "import { createRequire as toRequire } from 'node:module'; const require = toRequire(import.meta.url);";
/** What browsers load, a folder each: its page and style as they are, its `app.ts` as one file. */
const clients = ['sign-in'];
/** What a process reads from beside its entry point. */
const files = ['edge/openapi/openapi.json'];

/** Takes about half a second. @throws Error when the code cannot be bundled */
export async function buildProcesses() {
  const { outputFiles } = await build({
    absWorkingDir: root,
    entryPoints,
    outdir: target,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    external: apart,
    alias: instead,
    banner: { js: requireForPackages },
    platform: 'node',
    format: 'esm',
    target: 'node24',
    // ES modules where a package has both: what is not used can be left out.
    mainFields: ['module', 'main'],
    // V8 keeps the text of what it runs: comments and blanks cost memory. Names stay, for stack traces.
    minifyWhitespace: true,
    minifySyntax: true,
    // Node shows the line of code that threw.
    lineLimit: 200,
    legalComments: 'none',
    sourcemap: 'linked',
    sourcesContent: false,
    write: false,
    logLevel: 'error',
  });
  for (const { path, contents } of outputFiles) replaceFile(path, contents);
  for (const file of files) {
    replaceFile(join(target, file.slice(file.indexOf('/') + 1)), readFileSync(join(root, file)));
  }
}

/** Makes `.build/clients/<name>/`. Takes about 0.1 s. @throws Error when the code cannot be bundled */
export async function buildClients() {
  for (const name of clients) {
    const from = join(root, 'clients', name);
    const folder = join(target, 'clients', name);
    const { outputFiles } = await build({
      absWorkingDir: root,
      entryPoints: [join(from, 'app.ts')],
      outdir: folder,
      bundle: true,
      platform: 'browser',
      format: 'esm',
      target: 'es2022',
      minify: true,
      legalComments: 'none',
      write: false,
      logLevel: 'error',
    });
    mkdirSync(folder, { recursive: true });
    for (const { path, contents } of outputFiles) replaceFile(path, contents);
    for (const file of ['index.html', 'style.css', 'icon.svg']) {
      replaceFile(join(folder, file), readFileSync(join(from, file)));
    }
  }
}

/** In one step: somebody may be starting from it. */
function replaceFile(path, contents) {
  mkdirSync(dirname(path), { recursive: true });
  const fresh = `${path}.${process.pid}`;
  writeFileSync(fresh, contents);
  renameSync(fresh, path);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await buildProcesses();
  await buildClients();
}
