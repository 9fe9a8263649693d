import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { FromLoad, LoadPlan, LoadResult, ToLoad } from '../load/plan.ts';

// A run that takes longer hangs: an answer or the word of a commit was lost.
const LIMIT_MS = 120_000;

/** The load generator's process, seen from here. */
export class LoadGenerator {
  readonly #child: ChildProcess;

  private constructor(child: ChildProcess) {
    this.#child = child;
  }

  static async start(): Promise<LoadGenerator> {
    const script = join(import.meta.dirname, '..', 'load', 'main.ts');
    const child = fork(script, { execArgv: [], stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
    const load = new LoadGenerator(child);
    await load.#hear('up');
    return load;
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  /**
   * Has a plan carried out; `onGo` is called when everything is prepared, just before the first
   * request. @throws Error when any request was not accepted
   */
  async run(plan: LoadPlan, onGo: () => void): Promise<LoadResult> {
    this.#tell({ kind: 'prepare', plan });
    await this.#hear('prepared');
    onGo();
    this.#tell({ kind: 'go' });
    const { result } = await this.#hear('done');
    return result;
  }

  stop(): void {
    this.#child.kill('SIGKILL');
  }

  #tell(message: ToLoad): void {
    this.#child.send(message);
  }

  async #hear<Kind extends FromLoad['kind']>(
    kind: Kind,
  ): Promise<Extract<FromLoad, { kind: Kind }>> {
    const signal = AbortSignal.timeout(LIMIT_MS);
    const [message] = (await once(this.#child, 'message', { signal })) as [FromLoad];
    if (message.kind === 'failed') throw new Error(`load generator: ${message.reason}`);
    if (message.kind !== kind) throw new Error(`load generator: ${message.kind}, not ${kind}`);
    return message as Extract<FromLoad, { kind: Kind }>;
  }
}
