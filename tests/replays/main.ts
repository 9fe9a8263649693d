import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { printProgress } from '../../infra/local/progress.ts';
import { hasData, usualDataDir } from './data.ts';
import { goesThroughApi, type ReplayName, replayNames, replays } from './replays.ts';
import { differences, formatReport } from './report.ts';
import { type Site, startThrowAwaySite } from './site.ts';

const usage = `Usage: npm run replay -- NAME [--data DIR]
NAME is ${replayNames.join(', ')} or all.
Goes into a stack of its own, or into EDGE_URL. That needs ADMIN_KEY, a key of a business for replays
that may set things up (npm run create-business prints one), or OWNER_DATABASE_URL, the database behind
that edge as its owner, which shows more: the books themselves, and replays that need it.`;

/** `npm run replay`: real sales through the HTTP API, and the books against what they must be. */
async function main(): Promise<boolean> {
  const { values, positionals } = parseArgs({
    options: { data: { type: 'string' } },
    allowPositionals: true,
  });
  const [name = ''] = positionals;
  const wanted = replayNames.filter((known) => name === 'all' || name === known);
  if (wanted.length === 0 || positionals.length > 1) throw new Error(usage);
  const dataDir = values.data === undefined ? usualDataDir : resolve(values.data);
  const possible = wanted.filter((known) => hasData(dataDir, replays[known].folder));
  for (const missing of wanted.filter((known) => !possible.includes(known))) {
    console.log(`${missing}: skipped: no data (${replays[missing].folder}/ is not in ${dataDir})`);
  }
  const hasKeyOnly =
    process.env['ADMIN_KEY'] !== undefined && process.env['EDGE_URL'] !== undefined;
  const going = possible.filter((known) => !hasKeyOnly || goesThroughApi(known));
  for (const left of possible.filter((known) => !going.includes(known))) {
    console.log(`${left}: skipped: needs the database behind the edge (OWNER_DATABASE_URL)`);
  }
  if (going.length === 0) return true;
  const stopped = whenToldToStop();
  const site = await openSite(stopped);
  try {
    return await Promise.race([runAll(site, going, dataDir), aborted(stopped)]);
  } finally {
    await site.stop();
  }
}

async function openSite(signal: AbortSignal): Promise<Site & { stop(): Promise<void> }> {
  const { EDGE_URL: edgeUrl, OWNER_DATABASE_URL: ownerUrl, ADMIN_KEY: adminKey } = process.env;
  if (edgeUrl === undefined) {
    return startThrowAwaySite({ durable: true, onProgress: printProgress(), signal });
  }
  if (adminKey !== undefined) return { edgeUrl, adminKey, ownerUrl: '', stop: async () => {} };
  if (ownerUrl === undefined) throw new Error(`EDGE_URL needs ADMIN_KEY.\n${usage}`);
  return { edgeUrl, ownerUrl, stop: async () => {} };
}

async function runAll(site: Site, names: readonly ReplayName[], dataDir: string): Promise<boolean> {
  let isRight = true;
  for (const name of names) {
    const report = await replays[name].run({ ...site, dataDir, onProgress: printProgress() });
    console.log(formatReport(report));
    isRight &&= differences(report).length === 0;
  }
  return isRight;
}

function whenToldToStop(): AbortSignal {
  const controller = new AbortController();
  const stop = () => controller.abort(new Error('Interrupted.'));
  // Not once: a terminal and npm may both deliver the same Ctrl-C.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stop);
  process.on('disconnect', stop);
  process.channel?.unref();
  return controller.signal;
}

/** Rejects when the signal aborts. */
function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const give = () => reject(signal.reason as Error);
    if (signal.aborted) give();
    signal.addEventListener('abort', give);
  });
}

try {
  process.exitCode = (await main()) ? 0 : 1;
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
// A replay cut short still has requests under way.
process.exit();
