import { readFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { Service, type ServiceHandle } from './service.ts';

export type ProcessesOptions = {
  /** Where the Procfile lies and where the commands run. */
  readonly root: string;
  /** Names from the Procfile; one that comes twice is started twice (`worker`, `worker-2`). */
  readonly names: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  /** `<dir>/logs/<name>.log` and `<dir>/pids/<name>.pid` are written. */
  readonly dir: string;
  /** Whether an unexpected exit is followed by a new start. */
  readonly restart: boolean;
  readonly onTrouble?: ((message: string) => void) | undefined;
};

/** A process that is ready has logged a JSON line with this field. */
const readyMark = '"event":"ready"';

/**
 * Starts processes of the Procfile, each as its own operating-system process on the Node that runs
 * this, and waits until all are ready.
 *
 * @returns their handles by name
 * @throws Error with the log's last lines when one exits early or is not ready within 120 s; then
 *   none is left running
 */
export async function startProcesses(
  options: ProcessesOptions,
): Promise<Record<string, ServiceHandle>> {
  const commands = readProcfile(join(options.root, 'Procfile'));
  const services = options.names.map((name, index) => {
    const instance = options.names.slice(0, index).filter((other) => other === name).length + 1;
    const command = commands[name];
    if (command === undefined) throw new Error(`The Procfile has no process ${name}.`);
    return makeService(options, { name: instance === 1 ? name : `${name}-${instance}`, command });
  });
  const starts = await Promise.allSettled(services.map((service) => service.start()));
  const failed = starts.find((start) => start.status === 'rejected');
  if (failed !== undefined) {
    await Promise.all(services.map((service) => service.stop()));
    throw failed.reason;
  }
  return Object.fromEntries(services.map((service) => [service.name, service]));
}

/**
 * Reads a Procfile: a name, a colon and a command per line.
 *
 * @returns the words of each command, by name; there is no shell, so no quotes and no variables
 */
export function readProcfile(file: string): Record<string, readonly string[]> {
  const lines = readFileSync(file, 'utf8').split('\n');
  const entries = lines.map((line) => /^([\w-]+):\s*(.+)$/.exec(line.trim()));
  return Object.fromEntries(
    entries.flatMap((entry) =>
      entry?.[1] === undefined || entry[2] === undefined ? [] : [[entry[1], entry[2].split(/\s+/)]],
    ),
  );
}

function makeService(
  { root, env, dir, restart, onTrouble }: ProcessesOptions,
  { name, command }: { readonly name: string; readonly command: readonly string[] },
): Service {
  const [file = '', ...args] = command;
  return new Service({
    name,
    file,
    args,
    cwd: root,
    // So that the Procfile's `node` is this Node, not an older one of the machine.
    // The cache keeps bytecode: a quicker start. One arena is enough for one busy thread, and glibc's
    // default of eight a core costs 7 MB a process.
    env: {
      NODE_COMPILE_CACHE: join(root, 'node_modules', '.cache', 'regulars'),
      MALLOC_ARENA_MAX: '1',
      ...env,
      PATH: [dirname(process.execPath), env['PATH']].join(delimiter),
    },
    logFile: join(dir, 'logs', `${name}.log`),
    pidFile: join(dir, 'pids', `${name}.pid`),
    stopSignal: 'SIGTERM',
    // As long as a worker may take to finish the jobs it holds.
    stopGraceMs: 30_000,
    readyTimeoutMs: 120_000,
    isReady: (log) => log.includes(readyMark),
    restart,
    onTrouble,
  });
}
