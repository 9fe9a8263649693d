import { spawn } from 'node:child_process';
import { delimiter, dirname, join } from 'node:path';

/** The folder that holds package.json. */
export const root = join(import.meta.dirname, '..');

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
    signal: tool.signal,
  });
  const chunks: Buffer[] = [];
  child.stdout?.on('data', (chunk: Buffer) => chunks.push(chunk));
  child.stderr?.on('data', (chunk: Buffer) => chunks.push(chunk));
  return new Promise((resolve) => {
    const finish = (exitCode: number) =>
      resolve({ exitCode, output: Buffer.concat(chunks).toString() });
    child.once('close', (code) => finish(code ?? 1));
    child.on('error', (error) => {
      if (error.name !== 'AbortError') console.error(error);
      if (child.pid === undefined) finish(1);
    });
  });
}
