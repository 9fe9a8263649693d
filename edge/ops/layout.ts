import type { Instant } from '../../domain/values/time.ts';
import { type Content, html, type Html } from './html.ts';
import type { Operator } from './ports.ts';

/** What every page knows. */
export interface PageContext {
  operator: Operator;
  now: Instant;
  /** What came of the button that was just pressed. */
  said?: Content;
}

const PLACES = [
  ['/ops', 'Overview'],
  ['/ops/failures', 'Failed jobs'],
  ['/ops/log', 'What was done'],
  ['/ops/board', 'Bull Board'],
  ['/metrics', 'Metrics'],
] as const;

/** A whole page. @param place the path of the part of the pages that it belongs to */
export function page(
  { operator, said }: PageContext,
  parts: { title: string; place: string; content: Content },
): string {
  const { title, place, content } = parts;
  const links = PLACES.map(
    ([path, name]) =>
      html`<a href="${path}" ${path === place && html`aria-current="page"`}>${name}</a>`,
  );
  return `<!doctype html>${
    html`<html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${title} · Regulars operations</title>
        <link rel="stylesheet" href="/ops/style.css" />
        <link rel="icon" href="data:," />
      </head>
      <body>
        <a class="skip" href="#content">To the content</a>
        <header>
          <div>
            <strong>Regulars operations</strong>
            <nav aria-label="Pages">${links}</nav>
            <span class="who"
              >${operator.name}${operator.role === 'viewer' && ' · may look only'}</span
            >
          </div>
        </header>
        <main id="content">
          <h1>${title}</h1>
          ${said} ${content}
        </main>
      </body>
    </html>`.text
  }`;
}

/** A table that scrolls in itself; `columns` that begin with # are numbers. */
export function table(
  caption: string,
  columns: readonly string[],
  rows: readonly (readonly Content[])[],
): Html {
  const isNumber = columns.map((column) => column.startsWith('#'));
  const cell = (content: Content, i: number) =>
    html`<td ${isNumber[i] && html`class="number"`}>${content}</td>`;
  const heading = (name: string, i: number) =>
    html`<th scope="col" ${isNumber[i] && html`class="number"`}>${name.replace('#', '')}</th>`;
  return html`<figure>
    <figcaption class="quiet">${caption}</figcaption>
    <div class="table" tabindex="0" role="region" aria-label="${caption}">
      <table>
        <thead>
          <tr>
            ${columns.map(heading)}
          </tr>
        </thead>
        <tbody>
          ${rows.map(
            (row) =>
              html`<tr>
                ${row.map(cell)}
              </tr>`,
          )}
        </tbody>
      </table>
    </div>
  </figure>`;
}

/** A button that does something; nothing for who may only look. */
export function button(
  { operator }: PageContext,
  action: string,
  fields: Readonly<Record<string, string>>,
  label: string,
  /** What a reader of the page hears, where the label alone does not say of what. */
  spoken = label,
): Content {
  if (operator.role !== 'operator') return undefined;
  return html`<form method="post" action="/ops/actions/${action}">
    ${Object.entries(fields).map(
      ([name, value]) => html`<input type="hidden" name="${name}" value="${value}" />`,
    )}
    <button ${action !== 'retry-group' && html`class="plain"`} aria-label="${spoken}">
      ${label}
    </button>
  </form>`;
}

/** When something was, and how long ago that is. */
export function when(at: Instant | null | undefined, now: Instant): Content {
  if (at === null || at === undefined) return '–';
  const iso = new Date(at).toISOString();
  const clock = iso.slice(0, 19).replace('T', ' ');
  return html`<time datetime="${iso}" title="${ago(at, now)}">${clock} UTC</time>`;
}

/** How long ago something was, in the largest unit that is not 0. */
export function ago(at: Instant, now: Instant): string {
  const seconds = Math.max(0, Math.round((now - at) / 1_000));
  if (seconds < 120) return `${seconds} s ago`;
  if (seconds < 7_200) return `${Math.round(seconds / 60)} min ago`;
  if (seconds < 172_800) return `${Math.round(seconds / 3_600)} h ago`;
  return `${Math.round(seconds / 86_400)} days ago`;
}
