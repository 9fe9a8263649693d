import { type ChildProcess, spawn } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import { closeSync, fstatSync, mkdirSync, openSync, readFileSync, readSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { startGuard } from './guard.ts';
import { readPidFile, removePidFile, writePidFile } from './pid-file.ts';

/** How to run one operating-system process and how to tell that it is ready. */
export type ServiceSpec = {
  /** What people call it, in messages. */
  readonly name: string;
  readonly file: string;
  readonly args: readonly string[];
  readonly argv0?: string;
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  /** The user to run as; absent: whoever runs the launcher. */
  readonly user?: { readonly uid: number; readonly gid: number };
  /** Standard output and standard error of all its runs; emptied for a new `Service`. */
  readonly logFile: string;
  /** Tells the next launcher of an orphan. */
  readonly pidFile: string;
  readonly stopSignal: NodeJS.Signals;
  /** How long the process may take to stop before it is killed. */
  readonly stopGraceMs: number;
  readonly readyTimeoutMs: number;
  /** Asked again and again with what this run has logged so far. */
  readonly isReady: (log: string) => boolean | Promise<boolean>;
  /** Whether an unexpected exit is followed by a new start. */
  readonly restart: boolean;
  /** Told of unexpected exits and of restarts. */
  readonly onTrouble?: ((message: string) => void) | undefined;
};

/** How a process ended. */
export type Exit = { readonly code: number | null; readonly signal: NodeJS.Signals | null };

/** What a handle on any of the stack's processes offers. */
export type ServiceHandle = Pick<
  Service,
  'name' | 'pid' | 'ready' | 'logFile' | 'exited' | 'start' | 'whenReady' | 'kill' | 'stop'
>;

type Run = {
  readonly child: ChildProcess;
  readonly pid: number;
  readonly startedAtMs: number;
  readonly logOffset: number;
  readonly exited: Promise<Exit>;
  exit: Exit | undefined;
};

const pollMs = 20;
const backoffMs = { first: 200, last: 5_000 };
/** A run at least this long is healthy: the next restart waits the shortest time again. */
const healthyRunMs = 10_000;
const tailLines = 30;

/**
 * One child process: started until ready, restarted when asked for, stopped for certain.
 *
 * It runs in a session of its own, so that Ctrl-C in a terminal reaches the launcher alone, which
 * then stops things in order. A guard (see `startGuard`) ends it when the launcher dies.
 */
export class Service {
  readonly #spec: ServiceSpec;
  readonly #events = new EventEmitter();
  #run: Run | undefined;
  #state: 'stopped' | 'starting' | 'ready' = 'stopped';
  #wanted = false;
  #shortRuns = 0;

  constructor(spec: ServiceSpec) {
    this.#spec = spec;
    this.#events.setMaxListeners(0);
    for (const file of [spec.logFile, spec.pidFile]) mkdirSync(dirname(file), { recursive: true });
    rmSync(spec.logFile, { force: true });
  }

  get name(): string {
    return this.#spec.name;
  }

  /** Everything it wrote to standard output and standard error. */
  get logFile(): string {
    return this.#spec.logFile;
  }

  /** The running process's id; undefined while nothing runs. */
  get pid(): number | undefined {
    return this.#run?.pid;
  }

  /** Whether the process runs and has said that it is ready. */
  get ready(): boolean {
    return this.#state === 'ready';
  }

  /** Settles when the present run ends; at once when nothing runs. */
  get exited(): Promise<Exit> {
    return this.#run?.exited ?? Promise.resolve({ code: null, signal: null });
  }

  /**
   * Starts the process, unless it runs, and waits until it is ready.
   *
   * @throws Error when it exits early or takes longer than `readyTimeoutMs`, with its log's tail;
   *   nothing is left running then
   */
  async start(): Promise<void> {
    if (this.#wanted) return this.whenReady();
    this.#wanted = true;
    try {
      await stopOrphan(this.#spec);
      await this.#launch();
    } catch (error) {
      this.#wanted = false;
      this.#settle(new Error(`${this.name} did not start.`, { cause: error }));
      throw error;
    }
  }

  /** Waits until the process is ready (again). @throws Error when it is stopped instead */
  async whenReady(): Promise<void> {
    if (this.ready) return;
    if (!this.#wanted) throw new Error(`${this.name} is stopped.`);
    const [failure] = (await once(this.#events, 'settled')) as [Error | undefined];
    if (failure !== undefined) throw failure;
  }

  /** Sends a signal; after SIGKILL it waits for the exit. Nothing running: nothing happens. */
  async kill(signal: NodeJS.Signals): Promise<void> {
    const run = this.#run;
    if (run === undefined) return;
    // Without restarts a killed process stays down until start() is called.
    if (signal === 'SIGKILL' && !this.#spec.restart) this.#wanted = false;
    run.child.kill(signal);
    if (signal === 'SIGKILL') await run.exited;
  }

  /** Stops the process: gently, and after `stopGraceMs` by force. Settles when it is gone. */
  async stop(): Promise<void> {
    this.#wanted = false;
    this.#settle(new Error(`${this.name} was stopped.`));
    if (this.#run !== undefined) await end(this.#run, this.#spec);
  }

  async #launch(): Promise<void> {
    this.#state = 'starting';
    const run = spawnRun(this.#spec);
    this.#run = run;
    void this.#watch(run);
    const failure = await waitUntilReady(this.#spec, run);
    if (failure !== undefined) {
      await end(run, this.#spec);
      throw new Error(`${this.name} ${failure}\n${logTail(this.logFile)}`);
    }
    this.#state = 'ready';
    this.#settle(undefined);
  }

  async #watch(run: Run): Promise<void> {
    const exit = await run.exited;
    const wasReady = this.ready;
    this.#run = undefined;
    this.#state = 'stopped';
    if (!wasReady || !this.#wanted) return;
    this.#spec.onTrouble?.(`${this.name} ended unexpectedly (${describe(exit)}).`);
    this.#wanted = this.#spec.restart;
    this.#shortRuns = Date.now() - run.startedAtMs < healthyRunMs ? this.#shortRuns + 1 : 1;
    await this.#revive();
  }

  async #revive(): Promise<void> {
    while (this.#wanted) {
      await delay(Math.min(backoffMs.first * 2 ** (this.#shortRuns - 1), backoffMs.last));
      // Meanwhile it may have been stopped, or stopped and started again.
      if (!this.#wanted || this.#state !== 'stopped') return;
      try {
        await this.#launch();
        this.#spec.onTrouble?.(`${this.name} runs again.`);
        return;
      } catch (error) {
        this.#shortRuns += 1;
        if (this.#wanted)
          this.#spec.onTrouble?.(`${this.name} did not come back: ${String(error)}`);
      }
    }
  }

  #settle(failure: Error | undefined): void {
    this.#events.emit('settled', failure);
  }
}

function spawnRun(spec: ServiceSpec): Run {
  const log = openSync(spec.logFile, 'a');
  const logOffset = fstatSync(log).size;
  const child = spawn(spec.file, spec.args, {
    argv0: spec.argv0 ?? spec.file,
    cwd: spec.cwd,
    env: spec.env,
    stdio: ['ignore', log, log],
    detached: true,
    ...spec.user,
  });
  closeSync(log);
  const exited = new Promise<Exit>((resolve) => {
    child.once('exit', (code, signal) => resolve({ code, signal }));
    // The program is missing or may not be run; then there is no exit event.
    child.once('error', () => child.pid === undefined && resolve({ code: 127, signal: null }));
  });
  const pid = child.pid ?? 0;
  const run: Run = { child, pid, startedAtMs: Date.now(), logOffset, exited, exit: undefined };
  const releaseGuard = pid === 0 ? () => undefined : startGuard({ ...spec, target: pid });
  if (pid !== 0) writePidFile(spec.pidFile, pid);
  void noteExit(run, () => {
    releaseGuard();
    removePidFile(spec.pidFile);
  });
  return run;
}

async function noteExit(run: Run, tidyUp: () => void): Promise<void> {
  run.exit = await run.exited;
  tidyUp();
}

async function waitUntilReady(spec: ServiceSpec, run: Run): Promise<string | undefined> {
  const deadlineMs = Date.now() + spec.readyTimeoutMs;
  while (Date.now() < deadlineMs) {
    if (run.exit !== undefined) return `ended before it was ready (${describe(run.exit)}).`;
    if (await spec.isReady(readLog(spec.logFile, run.logOffset))) return undefined;
    await delay(pollMs);
  }
  return `was not ready within ${spec.readyTimeoutMs / 1000} s.`;
}

async function end(run: Run, spec: ServiceSpec): Promise<void> {
  // A process halted by SIGSTOP would hear the polite signal only once it is continued.
  run.child.kill('SIGCONT');
  run.child.kill(spec.stopSignal);
  const impatience = setTimeout(() => run.child.kill('SIGKILL'), spec.stopGraceMs);
  await run.exited;
  clearTimeout(impatience);
}

/** Stops what a killed launcher left behind. @throws Error when that launcher still lives */
async function stopOrphan(spec: ServiceSpec): Promise<void> {
  const { pid, launcherPid } = readPidFile(spec.pidFile);
  if (pid === undefined) return;
  if (launcherPid !== undefined) {
    const launcher = `started by process ${launcherPid}`;
    throw new Error(`${spec.name} already runs (process ${pid}, ${launcher}).`);
  }
  process.kill(pid, 'SIGCONT');
  process.kill(pid, spec.stopSignal);
  const deadlineMs = Date.now() + spec.stopGraceMs;
  while (readPidFile(spec.pidFile).pid !== undefined) {
    if (Date.now() > deadlineMs) process.kill(pid, 'SIGKILL');
    await delay(pollMs);
  }
}

/** What a log holds from `offset` on: a restarted process may have megabytes behind it. */
function readLog(file: string, offset: number): string {
  const log = openSync(file, 'r');
  try {
    const bytes = Buffer.alloc(Math.max(0, fstatSync(log).size - offset));
    return bytes.toString('utf8', 0, readSync(log, bytes, 0, bytes.length, offset));
  } finally {
    closeSync(log);
  }
}

function logTail(file: string): string {
  const lines = readFileSync(file, 'utf8').trimEnd().split('\n').slice(-tailLines);
  return [`The last lines of ${file}:`, ...lines.map((line) => `  ${line}`)].join('\n');
}

function describe({ code, signal }: Exit): string {
  if (code === 127) return 'exit code 127: its program could not be run';
  return signal ?? `exit code ${code}`;
}
