import { spawn } from 'node:child_process';
import { delimiter, dirname, join } from 'node:path';
import { startGuard } from '../infra/local/guard.ts';

/** The folder that holds package.json. */
export const root = join(import.meta.dirname, '..');

/** Aborts on Ctrl-C, on a request to end, and when whoever started this is gone. */
export function whenToldToStop(): AbortSignal {
  const controller = new AbortController();
  const stop = () => controller.abort();
  // Not once: a terminal and npm may both deliver the same Ctrl-C.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stop);
  process.on('disconnect', stop);
  process.channel?.unref();
  return controller.signal;
}

/**
 * Runs a program in the project's root, with the project's own Node and tools first on PATH.
 *
 * @returns its exit code, 1 when it was killed or could not be run; and what it printed, if that
 *   was to be collected instead of shown
 */
export function runTool(tool: {
  readonly file: string;
  readonly args: readonly string[];
  readonly environment: NodeJS.ProcessEnv;
  readonly output: 'collect' | 'show errors';
  readonly signal: AbortSignal;
}): Promise<{ readonly exitCode: number; readonly output: string }> {
  const folders = [dirname(process.execPath), join(root, 'node_modules', '.bin')];
  const collect = tool.output === 'collect';
  const child = spawn(tool.file, tool.args, {
    cwd: root,
    env: {
      ...process.env,
      PATH: [...folders, process.env.PATH].join(delimiter),
      ...tool.environment,
    },
    stdio: collect ? ['ignore', 'pipe', 'pipe'] : ['inherit', 'ignore', 'inherit'],
    // A group of its own, to end it with all that it has started: jest's workers outlive jest.
    detached: true,
  });
  const { pid } = child;
  const stop = () => pid !== undefined && child.exitCode === null && process.kill(-pid, 'SIGTERM');
  const releaseGuard =
    pid === undefined
      ? () => undefined
      : startGuard({ name: tool.file, target: -pid, stopSignal: 'SIGTERM', stopGraceMs: 10_000 });
  if (tool.signal.aborted) stop();
  tool.signal.addEventListener('abort', stop);
  const chunks: Buffer[] = [];
  child.stdout?.on('data', (chunk: Buffer) => chunks.push(chunk));
  child.stderr?.on('data', (chunk: Buffer) => chunks.push(chunk));
  return new Promise((resolve) => {
    const finish = (exitCode: number) =>
      resolve({ exitCode, output: Buffer.concat(chunks).toString() });
    child.once('close', (code) => {
      tool.signal.removeEventListener('abort', stop);
      releaseGuard();
      finish(code ?? 1);
    });
    child.on('error', (error) => {
      console.error(error);
      if (pid === undefined) finish(1);
    });
  });
}
