import { writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { parseArgs } from 'node:util';
import { type Demo, prepareDemo } from './demo.ts';
import { connectInspector, startInspector } from './inspector/inspector.ts';
import { isPortFree } from './ports.ts';
import { printProgress } from './progress.ts';
import { type Stack, startStack } from './stack.ts';
import { signInAddress, welcome } from './welcome.ts';

const dir = join(import.meta.dirname, '..', '..', '.local');
const usualPorts = {
  edge: 3000,
  ops: 3001,
  postgres: 5433,
  redis: 6380,
  cognito: 9229,
  hostedUi: 9230,
  apps: 3002,
  dynamo: 8100,
  s3: 4566,
  workerMetrics: 9464,
  relayMetrics: 9465,
  functionsMetrics: 9466,
  sqs: 9324,
  ses: 8005,
};

/** `npm start [-- --once] [-- --port N]`: the whole system with a demo business, until Ctrl-C. */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { once: { type: 'boolean', default: false }, port: { type: 'string' } },
  });
  const stopped = whenToldToStop();
  const onProgress = printProgress();
  const stack = await startStack({
    dir,
    durable: true,
    signIn: true,
    files: true,
    functions: true,
    restart: true,
    // Whoever tries how fast it is should find this machine's limit, not that of the demo's one key.
    env: { POS_REQUESTS_PER_MINUTE: process.env['POS_REQUESTS_PER_MINUTE'] ?? '60000' },
    ports: { ...usualPorts, ...(await edgePort(values.port)) },
    onProgress,
    signal: stopped,
  });
  const inspector = await startInspector(dir);
  try {
    const { edgeUrl, postgresUrl, cognito } = stack;
    const options = {
      ownerUrl: postgresUrl,
      edgeUrl,
      cognitoUrl: cognito?.url ?? '',
      dir,
      onProgress,
      signal: stopped,
    };
    const demo = await Promise.race([prepareDemo(options), aborted(stopped)]);
    const inspectorUrl = inspector.url;
    await connectInspector({ edgeUrl, apiKey: demo.apiKey, inspectorUrl });
    writeDemo(stack, demo, inspectorUrl);
    console.log(welcome(stack, demo, inspectorUrl));
    if (!values.once) await stayUp(stopped);
  } finally {
    console.log('Stopping …');
    await inspector.stop();
    await stack.stop();
    console.log(`Stopped. The data stays in ${relative('.', dir)}; npm run reset removes it.`);
  }
}

/** Aborts on Ctrl-C, on a request to end, and when whoever started this is gone. */
function whenToldToStop(): AbortSignal {
  const controller = new AbortController();
  const stop = () => controller.abort(new Error('Interrupted.'));
  // Not once: a terminal and npm may both deliver the same Ctrl-C.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stop);
  process.on('disconnect', stop);
  process.channel?.unref();
  return controller.signal;
}

async function edgePort(wanted: string | undefined): Promise<{ edge?: number }> {
  if (wanted === undefined) return {};
  const edge = Number(wanted);
  if (!Number.isInteger(edge) || edge < 1 || edge > 65_535) {
    throw new Error(`--port ${wanted} is not a port: 1 to 65535.`);
  }
  // The usual ports give way silently, one asked for must not.
  if (!(await isPortFree(edge))) throw new Error(`Port ${edge} is taken.`);
  return { edge };
}

/** Rejects when the signal aborts. */
function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const give = () => reject(signal.reason as Error);
    if (signal.aborted) give();
    signal.addEventListener('abort', give);
  });
}

/** Settles when the signal aborts. */
async function stayUp(signal: AbortSignal): Promise<void> {
  console.log('Ctrl-C stops everything.');
  await aborted(signal).catch(() => undefined);
}

/** For scripts: what `welcome` tells people. */
function writeDemo(stack: Stack, demo: Demo, inspectorUrl: string): void {
  const { edgeUrl, opsUrl, opsUser, opsPassword, postgresUrl, redisUrl, ses } = stack;
  const signInUrl = signInAddress(stack, demo);
  const content = {
    edgeUrl,
    signInUrl,
    opsUrl,
    opsUser,
    opsPassword,
    inspectorUrl,
    ...demo,
    postgresUrl,
    redisUrl,
    mailUrl: ses?.url,
  };
  writeFileSync(join(dir, 'demo.json'), JSON.stringify(content, undefined, 2), { mode: 0o600 });
}

try {
  await main();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
// A replay cut short may still hold connections.
process.exit();
