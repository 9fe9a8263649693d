import type { BusinessId, JobId } from '../domain/values/ids.ts';
import type { Instant } from '../domain/values/time.ts';
import type { CommandDefinition } from '../queues/define.ts';
import type { Principal } from '../queues/envelope.ts';
import { hashRequest, jobIdFor } from '../queues/job-id.ts';
import type { PersonalSealer } from '../queues/personal.ts';
import { sealWritten } from '../queues/written.ts';
import { endedJob, type JobView, jobPath, pendingJob } from './jobs.ts';
import type { Books, Caller, ClaimRequest, CommandQueue, FinishedJobs } from './ports.ts';
import { Problem, problemCode } from './problems.ts';
import type { Reply, RequestHeaders } from './route.ts';

export interface CommandGateDependencies {
  queue: CommandQueue;
  books: Books;
  claimRequest: ClaimRequest;
  finishedJobs: FinishedJobs;
  personal: Pick<PersonalSealer, 'seal'>;
  now: () => Instant;
  onAway: (error: unknown) => void;
}

/** Somebody whom the business does not know yet, but is about to. */
export interface Newcomer {
  kind: 'newcomer';
  businessId: BusinessId;
  subject: string;
}

/** Regulars itself. */
export interface SystemSender {
  kind: 'system';
  businessId: BusinessId;
  /** Which part of it. */
  id: string;
}

/** Whoever may have a command queued. */
export type Sender = Caller | Newcomer | SystemSender;

export interface CommandRequest {
  // oxlint-disable-next-line typescript/no-explicit-any -- any command: its schemas are its own
  command: CommandDefinition<string, any, any>;
  /** As the client sent it, parsed: what the request is compared by. */
  body: unknown;
  /** What travels. */
  payload: unknown;
  principal: Sender;
  headers: RequestHeaders;
  /** Serves as the key of a request that came without, where something else makes it count once. */
  freshKey?: string;
}

/** A look into the books must not hold up a sale; the worker looks again in any case. */
const BOOKS_PATIENCE_MS = 500;
const POLL_HINT_SECONDS = '1';

/**
 * The way of every command: same key and body, same job; same key and another body, refused; then
 * into the queue, and out with a 202 or, where the client waits, with the outcome.
 */
export class CommandGate {
  readonly #deps: CommandGateDependencies;

  constructor(dependencies: CommandGateDependencies) {
    this.#deps = dependencies;
  }

  /** The job that a request would be, whether it was sent before or not. */
  jobIdOf(request: CommandRequest): JobId {
    const { command, principal } = request;
    const { businessId } = principal;
    const sender = senderOf(principal);
    return jobIdFor({
      businessId,
      principal: sender,
      command: command.name,
      key: requestKey(request),
    });
  }

  /**
   * Takes a command into its queue. When this resolves, the message is on disk.
   * @throws Problem `idempotency-key-reused`, or `unavailable` when Redis did not answer
   */
  async accept(request: CommandRequest): Promise<JobView> {
    const { command, principal } = request;
    const sender = senderOf(principal);
    const { businessId } = principal;
    const key = requestKey(request);
    const id = jobIdFor({ businessId, principal: sender, command: command.name, key });
    const requestHash = hashRequest(request.body);

    const [firstHash, ended] = await Promise.all([
      this.#orUnavailable(() => this.#deps.claimRequest(id, requestHash)),
      this.#findEnded(principal, id),
    ]);
    // The books know best: once a claim has lapsed, a wrong body may have claimed the key anew.
    if ((ended?.requestHash ?? firstHash) !== requestHash) {
      throw new Problem('idempotency-key-reused');
    }
    const receivedAt = this.#deps.now();
    // A failed job is answered as failed: it is parked, and ops replay it under the same id.
    if (ended) return endedJob(this.#deps.books, businessId, ended);
    const { traceparent } = request.headers;
    await this.#orUnavailable(() =>
      this.#deps.queue.enqueue(command.queue, {
        id,
        type: command.name,
        version: command.version,
        businessId,
        principal: sender,
        requestHash,
        receivedAt: new Date(receivedAt).toISOString(),
        ...(traceparent && { traceparent }),
        payload: sealWritten(command, request.payload, this.#deps.personal),
      }),
    );
    return pendingJob({ id, type: command.name, status: 'queued', receivedAt });
  }

  /**
   * Takes a command and answers the client: 202 with the job, or, when it asked to wait and the job
   * ends in time, 201 (200 where nothing is created) with the result, or the problem that declined it.
   */
  async reply(request: CommandRequest, done: 200 | 201 = 201): Promise<Reply> {
    const { waitSeconds } = request.headers;
    const accepted = await this.accept(request);
    if (!waitSeconds) return acceptedReply(accepted);
    const job = await this.waitForEnd(request.principal, accepted, waitSeconds * 1_000);
    const preference = { 'Preference-Applied': `wait=${waitSeconds}` };
    if (job.status === 'completed') {
      const location = job.links['transaction'] ?? jobPath(job.id);
      return {
        status: done,
        body: job.result ?? {},
        headers: { Location: location, ...preference },
      };
    }
    if (job.status === 'declined' || job.status === 'failed') {
      const code = problemCode(job.problem?.type ?? '');
      throw new Problem(code, {
        ...(job.problem?.detail && { detail: job.problem.detail }),
        headers: { Link: `<${jobPath(job.id)}>; rel="job"` },
      });
    }
    return acceptedReply(job);
  }

  /**
   * The job as it is when it has ended or the time is up, whichever comes first. With the books away
   * the client gets the job as it was: it is safely queued, and only its end cannot be told.
   */
  async waitForEnd(principal: Sender, job: JobView, timeoutMs: number): Promise<JobView> {
    if (job.finishedAt || timeoutMs === 0) return job;
    const waiter = this.#deps.finishedJobs.wait(job.id, timeoutMs);
    try {
      const { books } = this.#deps;
      // The word may have come before we listened.
      let ended = await books.findJob(principal.businessId, job.id);
      if (!ended || ended.status === 'waiting') {
        await waiter.ended;
        ended = await books.findJob(principal.businessId, job.id);
      }
      return ended ? await endedJob(books, principal.businessId, ended) : job;
    } catch (error) {
      this.#deps.onAway(error);
      return job;
    } finally {
      waiter.cancel();
    }
  }

  /** Fails open: with the books away a repeat is caught by the worker instead. */
  async #findEnded(principal: Sender, id: JobId) {
    let timer: NodeJS.Timeout | undefined;
    const patience = new Promise<undefined>((resolve) => {
      // What came while this process was busy is read after its timers.
      timer = setTimeout(() => setImmediate(resolve, undefined), BOOKS_PATIENCE_MS);
    });
    try {
      return await Promise.race([this.#deps.books.findJob(principal.businessId, id), patience]);
    } catch (error) {
      this.#deps.onAway(error);
      return undefined;
    } finally {
      clearTimeout(timer);
    }
  }

  async #orUnavailable<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      this.#deps.onAway(error);
      throw new Problem('unavailable', { headers: { 'Retry-After': POLL_HINT_SECONDS } });
    }
  }
}

/** Whom a command is from, as its message says. */
export function senderOf(principal: Sender): Principal {
  switch (principal.kind) {
    case 'integration':
      return { kind: 'integration', id: principal.integration };
    case 'staff':
      return { kind: 'staff', id: principal.staffId, role: principal.role };
    case 'customer':
      return { kind: 'customer', id: principal.customerId };
    case 'newcomer':
      return { kind: 'customer', id: principal.subject };
    case 'system':
      return { kind: 'system', id: principal.id };
    default:
      return principal satisfies never;
  }
}

/** What makes two requests the same request. A header's key and a till's id are kept apart. */
function requestKey(request: CommandRequest): string {
  const { idempotencyKey } = request.headers;
  if (idempotencyKey !== undefined) return `key:${idempotencyKey}`;
  const key = request.command.defaultKey?.(request.body);
  if (key !== undefined) return `default:${key}`;
  if (request.freshKey !== undefined) return `fresh:${request.freshKey}`;
  const detail = 'Send an Idempotency-Key header: it makes a repeated request count once.';
  const errors = [{ pointer: 'Idempotency-Key', code: 'missing', detail }];
  throw new Problem('malformed-header', { detail, errors });
}

function acceptedReply(job: JobView): Reply {
  return {
    status: 202,
    body: { job },
    headers: { Location: jobPath(job.id), 'Retry-After': POLL_HINT_SECONDS },
  };
}
