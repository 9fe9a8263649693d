import { Redis } from 'ioredis';
import { makeSale } from '../harness/sales.ts';
import { type Answer, HttpConnection, postRequest } from './http-client.ts';
import type { FromLoad, LoadPlan, LoadResult, Percentiles, ToLoad } from './plan.ts';

/** The load generator, a process of its own: prepares a plan, waits for the word, runs it, reports. */
let run: Run | undefined;

process.on('message', (message: ToLoad) => {
  const step = message.kind === 'prepare' ? prepare(message.plan) : go();
  step.then(reply, (error: unknown) => reply({ kind: 'failed', reason: String(error) }));
});
// The bench has ended, one way or another.
process.on('disconnect', () => process.exit(0));
reply({ kind: 'up' });

function reply(message: FromLoad): void {
  process.send?.(message);
}

async function prepare(plan: LoadPlan): Promise<FromLoad> {
  run = await Run.prepare(plan);
  return { kind: 'prepared' };
}

async function go(): Promise<FromLoad> {
  if (!run) throw new Error('nothing is prepared');
  const result = await run.go();
  run = undefined;
  return { kind: 'done', result };
}

class Run {
  readonly #plan: LoadPlan;
  readonly #requests: Buffer[];
  readonly #idle: HttpConnection[];
  readonly #subscriber: Redis | undefined;
  readonly #answerMs: number[] = [];
  readonly #appliedMs: number[] = [];
  /** When each job's request was due; set by its answer. */
  readonly #dueByJob = new Map<string, number>();
  /** Jobs whose end was told before their answer arrived. */
  readonly #endedEarly = new Map<string, number>();
  #next = 0;
  #startedAt = 0;
  #lastAppliedAt = 0;
  #lastAnswerAt = 0;
  #resolve: (result: LoadResult) => void = () => undefined;
  #reject: (error: Error) => void = () => undefined;

  private constructor(plan: LoadPlan, idle: HttpConnection[], subscriber: Redis | undefined) {
    this.#plan = plan;
    this.#idle = idle;
    this.#subscriber = subscriber;
    const { host, path, runId, shops } = plan;
    const now = new Date();
    this.#requests = Array.from({ length: plan.requests }, (_, number) => {
      const { shop, sale } = makeSale({ runId, number, shops, now });
      return postRequest({ host, path, apiKey: shop.apiKey, body: sale });
    });
  }

  static async prepare(plan: LoadPlan): Promise<Run> {
    const { host, port } = plan;
    const opening = Array.from({ length: plan.connections }, () =>
      HttpConnection.open({ host, port }),
    );
    const connections = await Promise.all(opening);
    const subscriber = plan.finished && new Redis(plan.finished.redisUrl);
    const run = new Run(plan, connections, subscriber);
    if (plan.finished && subscriber) {
      subscriber.on('message', (_channel: string, ids: string) => run.#onFinished(ids));
      await subscriber.subscribe(plan.finished.channel);
    }
    return run;
  }

  async go(): Promise<LoadResult> {
    const ended = new Promise<LoadResult>((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    this.#startedAt = performance.now();
    const { perSecond } = this.#plan;
    const pace = perSecond === undefined ? undefined : setInterval(() => this.#sendDue(), 1);
    this.#sendDue();
    try {
      return await ended;
    } finally {
      clearInterval(pace);
      this.#subscriber?.disconnect();
      for (const connection of this.#idle) connection.close();
    }
  }

  /** Sends what is due while a connection is free; what finds none waits, and its clock runs. */
  #sendDue(): void {
    const { perSecond, requests } = this.#plan;
    const now = performance.now();
    while (this.#next < requests && this.#idle.length > 0) {
      const dueAt =
        perSecond === undefined ? now : this.#startedAt + (this.#next * 1_000) / perSecond;
      if (dueAt > now) return;
      // The longest idle first: a server closes a connection that rests for some seconds.
      const connection = this.#idle.shift();
      const request = this.#requests[this.#next];
      if (!connection || !request) return;
      this.#next += 1;
      connection.send(request, (answer) => this.#onAnswer(connection, dueAt, answer));
    }
  }

  #onAnswer(connection: HttpConnection, dueAt: number, answer: Answer | Error): void {
    if (answer instanceof Error) return this.#reject(answer);
    if (answer.status !== 202 && answer.status !== 201) {
      return this.#reject(new Error(`answered ${answer.status}: ${answer.body}`));
    }
    const now = performance.now();
    this.#lastAnswerAt = now;
    this.#answerMs.push(now - dueAt);
    this.#idle.push(connection);
    if (this.#plan.finished) this.#awaitJob(answer.body, dueAt);
    else this.#noteApplied(dueAt, now);
    this.#sendDue();
  }

  #awaitJob(body: string, dueAt: number): void {
    const id = /"id":"(job_\w+)"/.exec(body)?.[1];
    if (id === undefined) return this.#reject(new Error(`no job in ${body}`));
    const endedAt = this.#endedEarly.get(id);
    if (endedAt === undefined) this.#dueByJob.set(id, dueAt);
    else this.#noteApplied(dueAt, endedAt);
    this.#endedEarly.delete(id);
  }

  #onFinished(ids: string): void {
    const now = performance.now();
    for (const id of ids.split(' ')) {
      const dueAt = this.#dueByJob.get(id);
      if (dueAt === undefined) this.#endedEarly.set(id, now);
      else this.#noteApplied(dueAt, now);
      this.#dueByJob.delete(id);
    }
  }

  #noteApplied(dueAt: number, appliedAt: number): void {
    this.#appliedMs.push(appliedAt - dueAt);
    this.#lastAppliedAt = Math.max(this.#lastAppliedAt, appliedAt);
    if (this.#appliedMs.length < this.#plan.requests) return;
    this.#resolve({
      answeredSeconds: (this.#lastAnswerAt - this.#startedAt) / 1_000,
      appliedSeconds: (this.#lastAppliedAt - this.#startedAt) / 1_000,
      answerMs: percentiles(this.#answerMs),
      appliedMs: percentiles(this.#appliedMs),
    });
  }
}

function percentiles(values: readonly number[]): Percentiles {
  const sorted = Float64Array.from(values).sort();
  const at = (share: number) => sorted[Math.ceil(share * sorted.length) - 1] ?? NaN;
  return { p50: at(0.5), p99: at(0.99), max: at(1) };
}
