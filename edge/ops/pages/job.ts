import { html } from '../html.ts';
import { button, page, type PageContext, table, when } from '../layout.ts';
import type { BookedJob, FailureGroup, QueuedJob } from '../ports.ts';
import { jobButton, jobTable, type ListedJob, mergeJobs } from './search.ts';

/** All there is about one job; undefined when nobody knows it. */
export function jobPage(
  context: PageContext,
  found: {
    queued: QueuedJob | undefined;
    booked: BookedJob | undefined;
    names: ReadonlyMap<string, string>;
  },
): string | undefined {
  const { queued, booked, names } = found;
  const [job] = mergeJobs(queued ? [queued] : [], booked ? [booked] : []);
  if (!job) return undefined;
  const { envelope } = queued ?? {};
  const facts: [string, string | number | undefined][] = [
    ['Job', job.jobId],
    ['Command', job.type],
    ['Business', names.get(job.businessId) ?? job.businessId],
    ['Transaction', job.transactionId],
    ['Why', job.reason],
    ['Queue', queued?.queue],
    ['Tries', queued?.tries],
    ['Sent by', envelope && `${envelope.principal.kind} ${envelope.principal.id}`],
    ['Trace', envelope?.traceparent?.split('-')[1]],
  ];
  return page(context, {
    title: `${job.type}, ${job.state}`,
    place: '/ops/jobs',
    content: html`
      <dl>
        <dt>State</dt>
        <dd><span class="state ${job.state}">${job.state}</span></dd>
        <dt>Received</dt>
        <dd>${when(job.receivedAt, context.now)}</dd>
        <dt>Ended</dt>
        <dd>${when(booked?.finishedAt ?? queued?.finishedAt, context.now)}</dd>
        ${facts.map(
          ([name, value]) =>
            value !== undefined &&
            html`<dt>${name}</dt>
              <dd>${value}</dd>`,
        )}
      </dl>
      <div class="actions">${jobButton(context, job)}</div>
      ${
        queued &&
        queued.stack.length > 0 &&
        html`<h2>Its last try</h2>
          <pre tabindex="0">${queued.stack.join('\n')}</pre>`
      }
      ${
        envelope &&
        html`<h2>What it carries</h2>
          <p class="quiet">Phones, e-mails and names travel sealed.</p>
          <pre tabindex="0">${JSON.stringify(envelope.payload, undefined, 2)}</pre>`
      }
    `,
  });
}

/** The jobs of one group of failures. */
export function failuresPage(
  context: PageContext,
  group: FailureGroup,
  found: { jobs: readonly ListedJob[]; names: ReadonlyMap<string, string> },
): string {
  return page(context, {
    title: `Failed: ${group.type}`,
    place: '/ops/failures',
    content: html`
      <p class="error">${group.error || 'No reason was given.'}</p>
      ${table(
        'When these failed.',
        ['First', 'Last', '#Jobs', '#Businesses', 'Queue'],
        [
          [
            when(group.firstAt, context.now),
            when(group.lastAt, context.now),
            group.jobIds.length,
            group.businesses,
            group.queue,
          ],
        ],
      )}
      <div class="actions">
        ${button(
          context,
          'retry-group',
          { group: group.key },
          group.jobIds.length === 1 ? 'Retry it' : `Retry all ${group.jobIds.length}`,
        )}
      </div>
      ${jobTable(context, found.jobs, found.names)}
      ${
        found.jobs.length < group.jobIds.length &&
        html`<p class="quiet">
          The first ${found.jobs.length} of ${group.jobIds.length} are shown.
        </p>`
      }
    `,
  });
}
