import type { Operation } from '../../../domain/operations/operation-log.ts';
import { type Content, html, type Html } from '../html.ts';
import { ago, button, page, type PageContext, table, when } from '../layout.ts';
import type { FailureGroup, OpsBooks, QueueView } from '../ports.ts';
import { searchForm } from './search.ts';

/** What the first page shows. */
export interface Overview {
  queues: readonly QueueView[];
  failures: { groups: readonly FailureGroup[]; looked: number; failed: number };
  outbox: Awaited<ReturnType<OpsBooks['measureOutbox']>>;
  /** Parts of it that cannot be known right now. */
  away: readonly string[];
}

/** How it goes, and what waits for somebody. */
export function overviewPage(context: PageContext, overview: Overview, panels: Content): string {
  const { queues, failures, outbox, away } = overview;
  return page(context, {
    title: 'Overview',
    place: '/ops',
    content: html`
      ${
        away.length > 0 &&
        html`<p class="said bad" role="alert">Not known right now: ${away.join(', ')}.</p>`
      }
      ${searchForm({})}
      <h2>Queues</h2>
      ${queueTable(context, queues)}
      <h2>Failed jobs</h2>
      ${failureTable(context, failures)}
      <h2>Facts on their way</h2>
      ${outboxTable(context, outbox)} ${panels}
    `,
  });
}

function queueTable(context: PageContext, queues: readonly QueueView[]): Html {
  return table(
    'Jobs by queue. “Next try”: failed before, and due again by itself.',
    ['Queue', 'State', '#Waiting', '#At work', '#Next try', '#Failed', 'Oldest waits since', 'Do'],
    queues.map((queue) => [
      queue.name,
      queue.isPaused ? html`<span class="warn">paused</span>` : 'running',
      queue.waiting,
      queue.active,
      queue.delayed,
      queue.failed > 0 ? html`<span class="bad">${queue.failed}</span>` : 0,
      queue.oldestAt === null ? '–' : ago(queue.oldestAt, context.now),
      queue.isPaused
        ? button(context, 'resume', { queue: queue.name }, 'Resume', `Resume ${queue.name}`)
        : button(context, 'pause', { queue: queue.name }, 'Pause', `Pause ${queue.name}`),
    ]),
  );
}

/** Failed jobs by what they have in common. */
export function failureTable(context: PageContext, failures: Overview['failures']): Content {
  const { groups, looked, failed } = failures;
  if (groups.length === 0) return html`<p class="empty">No job has failed for good.</p>`;
  return table(
    looked < failed
      ? `The newest ${looked} of ${failed} failed jobs, by command and error.`
      : `${failed} failed jobs, by command and error.`,
    ['Command', 'Error', '#Jobs', '#Businesses', 'Last', 'Do'],
    groups.map((group) => [
      html`<a href="/ops/failures/${group.key}">${group.type}</a>`,
      html`<div class="error">${group.error || 'no reason was given'}</div>`,
      group.jobIds.length,
      group.businesses,
      when(group.lastAt, context.now),
      button(
        context,
        'retry-group',
        { group: group.key },
        group.jobIds.length === 1 ? 'Retry it' : `Retry all ${group.jobIds.length}`,
        `Retry ${group.jobIds.length} × ${group.type}: ${group.error}`,
      ),
    ]),
  );
}

function outboxTable({ now }: PageContext, outbox: Overview['outbox']): Html {
  return table(
    'Committed facts that have not left: for a relay, or for a destination that was away or slow.',
    ['For', '#Waiting', 'Oldest waits since', '#Most tries'],
    outbox.map(({ destination, count, oldestAt, mostAttempts }) => [
      destination ?? 'the relay',
      count,
      oldestAt === null ? '–' : ago(oldestAt, now),
      mostAttempts,
    ]),
  );
}

/** What operators did, newest first. */
export function logPage(context: PageContext, operations: readonly Operation[]): string {
  return page(context, {
    title: 'What was done',
    place: '/ops/log',
    content: html`<p class="quiet">
        Noted before it was done, so a line says what was asked; each job’s own page says what came
        of it.
      </p>
      ${
        operations.length === 0
          ? html`<p class="empty">Nothing yet.</p>`
          : table(
              `The last ${operations.length}, newest first.`,
              ['When', 'Who', 'What', 'Queue', '#Jobs', 'Which'],
              operations.map((operation) => [
                when(operation.askedAt, context.now),
                operation.operator,
                operation.action,
                operation.queue,
                operation.jobIds.length,
                whichJobs(operation),
              ]),
            )
      }`,
  });
}

function whichJobs({ jobIds, reason }: Operation): Content {
  const [first] = jobIds;
  if (first !== undefined && jobIds.length === 1) {
    return html`<a class="id" href="/ops/jobs/${first}">${first}</a>`;
  }
  return html`<div class="error">${reason ?? 'the whole queue'}</div>`;
}
