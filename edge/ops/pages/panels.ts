import { type Content, html } from '../html.ts';
import { ago, button, page, type PageContext, table } from '../layout.ts';
import type { DeadLetter, QueueDepth, TroubledEndpoint } from '../ports.ts';

/** Messages for functions, and what functions could not do. */
export function deadLetterPanel(context: PageContext, depths: readonly QueueDepth[]): Content {
  if (depths.length === 0) return undefined;
  return html`<h2>Functions and their dead letters</h2>
    ${table(
      'Messages about committed facts. Dead: tried five times, put aside for people, kept for 14 days.',
      ['Function', '#Waiting', '#In its hands', '#Dead', 'Look', 'Do'],
      depths.map(({ function: name, waiting, inFlight, dead }) => [
        name,
        waiting,
        inFlight,
        dead > 0 ? html`<span class="bad">${dead}</span>` : 0,
        dead > 0 && html`<a href="/ops/dead-letters/${name}">Look at some</a>`,
        dead > 0 &&
          button(
            context,
            'redrive',
            { function: name },
            'Send again',
            `Send ${name} its dead letters again`,
          ),
      ]),
    )}`;
}

/** Servers of businesses that do not take what they are sent. */
export function webhookPanel(
  context: PageContext,
  endpoints: readonly TroubledEndpoint[],
  names: ReadonlyMap<string, string>,
): Content {
  return html`<h2>Webhooks</h2>
    ${
      endpoints.length === 0
        ? html`<p class="empty">Every receiver takes what it is sent.</p>`
        : table(
            'Receivers that fail, were disabled for it, or missed something in the last week.',
            ['Receiver', 'Business', 'State', '#Given up', '#Being tried', 'Do'],
            endpoints.map((endpoint) => [
              html`${endpoint.name}
                <div class="id quiet">${endpoint.host}</div>`,
              names.get(endpoint.businessId) ?? endpoint.businessId,
              stateOf(context, endpoint),
              endpoint.failed,
              endpoint.waiting,
              endpoint.failed > 0 &&
                endpoint.status === 'active' &&
                button(
                  context,
                  'replay',
                  { business: endpoint.businessId, endpoint: endpoint.id },
                  'Send again',
                  `Send ${endpoint.name} again what it missed`,
                ),
            ]),
          )
    }`;
}

function stateOf({ now }: PageContext, { status, failingSince }: TroubledEndpoint): Content {
  if (status === 'disabled') return html`<span class="warn">disabled</span>`;
  if (failingSince === null) return 'takes what it is sent';
  return html`<span class="bad">failing</span>, since ${ago(failingSince, now)}`;
}

/** Some of a function's dead letters. */
export function deadLettersPage(
  context: PageContext,
  name: string,
  letters: readonly DeadLetter[],
): string {
  return page(context, {
    title: `Dead letters of ${name}`,
    place: '/ops',
    content: html`
      ${
        letters.length === 0
          ? html`<p class="empty">None can be seen right now: somebody else may be looking.</p>`
          : html`<p class="quiet">
              ${letters.length} of them, at most ten. They carry ids, and stay where they are.
            </p>`
      }
      <div class="actions">${button(context, 'redrive', { function: name }, 'Send all again')}</div>
      ${letters.map(
        ({ messageId, sentAt, body }) =>
          html`<h2 class="id">${messageId}, sent ${sentAt}</h2>
            <pre tabindex="0">${readable(body)}</pre>`,
      )}
    `,
  });
}

function readable(body: string): string {
  try {
    return JSON.stringify(JSON.parse(body), undefined, 2);
  } catch {
    return body;
  }
}
