import type { BusinessId } from '../../../domain/values/ids.ts';
import { type Content, html, type Html } from '../html.ts';
import { button, page, type PageContext, table, when } from '../layout.ts';
import type { BookedJob, JobState, QueuedJob } from '../ports.ts';

/** A job as a list shows it, wherever it was found. */
export interface ListedJob {
  jobId: string | undefined;
  businessId: string;
  type: string;
  state: JobState;
  receivedAt: number;
  /** Its queue, while that still holds it. */
  queue?: string;
  externalId?: string | undefined;
  transactionId?: string | undefined;
  /** Why it failed or was declined. */
  reason?: string | undefined;
}

export interface SearchInput {
  text?: string;
  business?: string;
}

/** The form that finds everything. */
export function searchForm({ text = '', business = '' }: SearchInput): Html {
  return html`<form class="search" method="get" action="/ops/search" role="search">
    <div>
      <label for="q">Find jobs</label>
      <input id="q" name="q" value="${text}" required maxlength="200" aria-describedby="q-help" />
    </div>
    <div>
      <label for="business">Business <span class="quiet">(may be left out)</span></label>
      <input id="business" name="business" value="${business}" maxlength="100" />
    </div>
    <button>Find</button>
    <p class="quiet" id="q-help">
      A phone, an e-mail, a card’s code, a till’s id of a sale, any of our ids, or words of an
      error.
    </p>
  </form>`;
}

/** What a search found. */
export function searchPage(
  context: PageContext,
  input: SearchInput,
  found: {
    jobs: readonly ListedJob[];
    customers: readonly { businessId: BusinessId; id: string }[];
    names: ReadonlyMap<string, string>;
    /** Why there is nothing to show. */
    problem?: string;
  },
): string {
  const { jobs, customers, names, problem } = found;
  return page(context, {
    title: 'Search',
    place: '/ops/search',
    content: html`
      ${searchForm(input)}
      ${problem !== undefined && html`<p class="said bad" role="alert">${problem}</p>`}
      ${
        customers.length > 0 &&
        html`<h2>Customers</h2>
          ${table(
            'Whom the text names.',
            ['Customer', 'Business'],
            customers.map(({ businessId, id }) => [
              html`<span class="id">${id}</span>`,
              names.get(businessId) ?? businessId,
            ]),
          )}`
      }
      <h2>Jobs</h2>
      ${
        jobs.length === 0
          ? html`<p class="empty">
              No job is about that. A sale that was refused at the door (4xx) never became a job:
              look for it in the edge’s log.
            </p>`
          : jobTable(context, jobs, names)
      }
    `,
  });
}

/** Jobs, newest first, each with what can be done to it. */
export function jobTable(
  context: PageContext,
  jobs: readonly ListedJob[],
  names: ReadonlyMap<string, string>,
): Html {
  return table(
    `${jobs.length} ${jobs.length === 1 ? 'job' : 'jobs'}, newest first.`,
    ['Job', 'State', 'Business', 'Received', 'Sale', 'Why', 'Do'],
    jobs.map((job) => [
      html`<div class="whole">
        ${job.jobId === undefined ? job.type : html`<a href="/ops/jobs/${job.jobId}">${job.type}</a>`}
        <div class="id quiet">${job.jobId ?? 'its job is not kept'}</div>
      </div>`,
      html`<span class="state ${job.state}">${job.state}</span>`,
      names.get(job.businessId) ?? html`<span class="id">${job.businessId}</span>`,
      when(job.receivedAt, context.now),
      html`<div class="id">${job.externalId ?? job.transactionId ?? '–'}</div>`,
      job.reason === undefined ? '–' : html`<div class="error">${job.reason}</div>`,
      jobButton(context, job),
    ]),
  );
}

/** What can be done to a job in its state. */
export function jobButton(context: PageContext, job: ListedJob): Content {
  const { queue, jobId, state } = job;
  if (queue === undefined || jobId === undefined) return undefined;
  if (state === 'failed')
    return button(context, 'retry', { queue, job: jobId }, 'Retry', `Retry ${jobId}`);
  if (state !== 'delayed') return undefined;
  return button(context, 'promote', { queue, job: jobId }, 'Try now', `Try ${jobId} now`);
}

/** A queue's job as a list shows it. */
export function listQueued(job: QueuedJob): ListedJob {
  return {
    jobId: job.envelope.id,
    businessId: job.envelope.businessId,
    type: job.envelope.type,
    state: job.state,
    receivedAt: Date.parse(job.envelope.receivedAt),
    queue: job.queue,
    externalId: externalIdOf(job.envelope.payload),
    reason: job.state === 'completed' ? undefined : job.error,
  };
}

/** What a till calls it, of any message that has such an id. */
function externalIdOf(payload: unknown): string | undefined {
  const { externalId } = (payload ?? {}) as { externalId?: unknown };
  return typeof externalId === 'string' ? externalId : undefined;
}

/** One list of what queues and books know; of a job that both know, its end in the books counts. */
export function mergeJobs(queued: readonly QueuedJob[], booked: readonly BookedJob[]): ListedJob[] {
  const byId = new Map(queued.map((job) => [job.envelope.id as string, listQueued(job)]));
  const rest: ListedJob[] = [];
  for (const { code, ...job } of booked) {
    const live = job.jobId && byId.get(job.jobId);
    if (!live) {
      rest.push({ ...job, reason: code });
      continue;
    }
    // A job that failed before and is being tried again is what its queue says it is.
    if (live.state !== 'completed') continue;
    Object.assign(live, {
      ...job,
      queue: live.queue,
      externalId: job.externalId ?? live.externalId,
      reason: code,
    });
  }
  return [...byId.values(), ...rest].sort((a, b) => b.receivedAt - a.receivedAt);
}
