import { createHash } from 'node:crypto';
import { associate, ASSOCIATION_DEFINITION } from '../../domain/analytics/association.ts';
import { type Kpi, share } from '../../domain/analytics/kpis.ts';
import { LIABILITY_DEFINITION, OPEN_REWARDS_DEFINITION } from '../../domain/analytics/liability.ts';
import { daysIn } from '../../domain/analytics/period.ts';
import type { SeriesPoint } from '../../domain/analytics/readings.ts';
import type { ReportContent } from '../../domain/analytics/report.ts';
import { compareHeat } from '../../domain/analytics/tables.ts';
import { localDate, offsetMinutes } from '../../domain/values/time.ts';
import { presentAmount } from '../../domain/values/units.ts';
import { barChart, heatMap, shadeOf } from './charts.ts';
import * as format from './format.ts';
import { Html, html } from './html.ts';
import { STYLE } from './style.ts';

/** Beyond this many bars a chart by day is a blur; it goes by week. */
const MOST_BARS = 62;

/**
 * A report as one page: no script, nothing from elsewhere, the same on paper. Its policy allows its
 * own style and nothing else.
 */
export function renderReport(content: ReportContent): string {
  const { business, storeName } = content;
  const where = storeName === null ? business.name : `${business.name}, ${storeName}`;
  const hash = createHash('sha256').update(STYLE).digest('base64');
  const policy = `default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'`;
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content="${policy}" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="robots" content="noindex" />
        <title>${where}: ${periodText(content.scope)}</title>
        ${new Html(`<style>${STYLE}</style>`)}
      </head>
      <body>
        <main>
          ${[header(content, where), keyFigures(content), series(content), hours(content), cohorts(content)]}
          ${[topCustomers(content), promotions(content), programs(content), liability(content)]}
          ${definitions(content)}
        </main>
      </body>
    </html> `.text;
}

function header({ scope, previous, business, madeAt }: ReportContent, where: string): Html {
  const minutes = offsetMinutes(madeAt, business.zone);
  const clock = new Date(madeAt + minutes * 60_000).toISOString().slice(11, 16);
  return html`<header>
    <h1>${where}</h1>
    <p>${periodText(scope)}, beside ${periodText(previous)}</p>
    <p class="quiet">
      Made on ${format.formatDate(localDate(madeAt, business.zone))} at ${clock} (${business.zone}).
      Money in ${scope.currency}; days as the stores’ own clocks have them.
    </p>
  </header>`;
}

function keyFigures({ kpis, scope }: ReportContent): Html {
  return html`<section aria-label="Key figures">
    <ul class="kpis">
      ${kpis.map(
        (kpi) =>
          html`<li>
            <span class="title">${kpi.title}</span>
            <span class="value">${format.formatKpi(kpi, kpi.value, scope.currency)}</span
            >${beside(kpi, scope.currency)}
          </li>`,
      )}
    </ul>
  </section>`;
}

function beside(kpi: Kpi, currency: string): Html {
  const before = format.formatKpi(kpi, kpi.previous, currency);
  if (kpi.change === null) return html`<span class="quiet">before: ${before}</span>`;
  const trend = kpi.change > 0 ? 'up' : kpi.change < 0 ? 'down' : 'quiet';
  return html`<span class="${trend}">${format.formatChange(kpi.change)}</span>
    <span class="quiet">from ${before}</span>`;
}

function series({ series: both, scope }: ReportContent): Html {
  const isDaily = daysIn(scope) <= MOST_BARS;
  const now = isDaily ? both.current : byWeek(both.current);
  const then = isDaily ? both.previous : byWeek(both.previous);
  const steps = isDaily ? 'day' : 'week';
  const chart = (title: string, of: (point: SeriesPoint) => number, show: typeof money) =>
    html`<h2>${title} by ${steps}</h2>
      <figure>
        ${barChart(
          now.map((point, i) => {
            const earlier = then[i];
            const label = format.formatDay(point.start);
            return { label, value: of(point), ...(earlier && { previous: of(earlier) }) };
          }),
          { title: `${title} by ${steps}: ${extremes(now, of, show)}`, format: show },
        )}
        <figcaption class="legend">
          <span><i class="now"></i>this period</span>
          <span><i class="then"></i>the period before</span>
        </figcaption>
      </figure>`;
  const money = (value: number) => format.formatMoney(value, scope.currency, true);
  return html`<section>
    ${chart('Net sales', (p) => p.gross - p.refunded, money)}
    ${chart('Visits', (p) => p.visits, format.formatNumber)}
  </section>`;
}

/** What a chart shows, for those who cannot see it. */
function extremes(
  points: readonly SeriesPoint[],
  of: (point: SeriesPoint) => number,
  show: (value: number) => string,
): string {
  const [most] = points.toSorted((a, b) => of(b) - of(a));
  const total = points.reduce((sum, point) => sum + of(point), 0);
  if (!most || total === 0) return 'nothing';
  return `${show(total)} in all, most on ${format.formatDay(most.start)} with ${show(of(most))}`;
}

function byWeek(points: readonly SeriesPoint[]): SeriesPoint[] {
  const weeks: SeriesPoint[] = [];
  for (const [i, point] of points.entries()) {
    const week = weeks.at(-1);
    if (i % 7 === 0 || !week) weeks.push({ ...point });
    else {
      for (const name of ['sales', 'visits', 'memberVisits', 'gross', 'refunded'] as const) {
        week[name] += point[name];
      }
    }
  }
  return weeks;
}

function hours(content: ReportContent): Html {
  const cells = compareHeat(content.heat)
    .filter(({ visits }) => visits > 0)
    .map(({ weekday, hour, visits }) => ({ weekday, hour, value: visits }));
  if (cells.length === 0) return html``;
  const [busiest] = cells.toSorted((a, b) => b.value - a.value);
  const title = `Visits by weekday and hour; most often at ${busiest?.hour}:00`;
  return html`<section>
    <h2>When people come</h2>
    <p class="quiet">Visits by hour and weekday of the business date.</p>
    <figure>${heatMap(cells, title)}</figure>
  </section>`;
}

function cohorts({ cohorts: { current } }: ReportContent): Html {
  if (current.length === 0) return html``;
  const longest = Math.max(...current.map(({ months }) => months.length));
  const head = Array.from({ length: longest }, (_, i) => html`<th scope="col">${i}</th>`);
  return html`<section>
    <h2>Who came again</h2>
    <p class="quiet">
      Members by the month of their first visit, and the share of them that came so many months
      later.
    </p>
    <div class="wide">
      <table class="cohorts">
        <thead>
          <tr>
            <th scope="col">First visit</th>
            <th scope="col">Members</th>
            ${head}
          </tr>
        </thead>
        <tbody>
          ${current.map(
            ({ month, size, months }) =>
              html`<tr>
                <td>${format.formatMonth(month)}</td>
                <td>${format.formatNumber(size)}</td>
                ${months.map(({ active }) => {
                  const part = share(active, size) ?? 0;
                  return html`<td class="shade-${shadeOf(part, 1)}">
                    ${format.formatShare(part)}
                  </td>`;
                })}
              </tr>`,
          )}
        </tbody>
      </table>
    </div>
  </section>`;
}

function table(head: readonly string[], rows: readonly (readonly (string | number)[])[]): Html {
  return html`<div class="wide">
    <table>
      <thead>
        <tr>
          ${head.map((name) => html`<th scope="col">${name}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          (cells) =>
            html`<tr>
              ${cells.map((cell) => html`<td>${cell}</td>`)}
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}

function topCustomers({ top, scope }: ReportContent): Html {
  if (top.length === 0) return html``;
  const rows = top
    .slice(0, 10)
    .map(({ customerId, net, visits, previousRank }, i) => [
      `${i + 1}. ${customerId}`,
      format.formatMoney(net, scope.currency),
      format.formatNumber(visits),
      previousRank === null ? '–' : `${previousRank}.`,
    ]);
  return html`<section>
    <h2>Best customers</h2>
    <p class="quiet">By net sales. Reports name nobody; the id leads to the customer.</p>
    ${table(['Customer', 'Net sales', 'Visits', 'Place before'], rows)}
  </section>`;
}

function promotions({ promotions: { current }, scope }: ReportContent): Html {
  if (current.length === 0) return html``;
  const money = (amount: number | null) =>
    amount === null ? '–' : format.formatMoney(amount, scope.currency);
  const rows = current.map((use) => {
    const { averageWith, averageWithout, association } = associate(use);
    const change = association === null ? '–' : format.formatChange(association);
    const given = format.formatAmount(presentAmount(use.given, use.unit), use.unit);
    return [
      use.name,
      format.formatNumber(use.uses),
      given,
      money(averageWith),
      money(averageWithout),
      change,
    ];
  });
  const head = ['Promotion', 'Sales', 'Given', 'Average with', 'Without', 'Association'];
  return html`<section>
    <h2>Promotions</h2>
    ${table(head, rows)}
    <p class="quiet">${ASSOCIATION_DEFINITION}</p>
  </section>`;
}

function programs({ programs: list, scope }: ReportContent): Html {
  const rows = list.map(({ name, unit, kpis }) => [
    `${name} (${unit}s)`,
    ...kpis.map((kpi) => format.formatKpi(kpi, kpi.value, scope.currency)),
  ]);
  const [first] = list;
  if (!first) return html``;
  return html`<section>
    <h2>Programs</h2>
    ${table(['Program', ...first.kpis.map(({ title }) => title)], rows)}
  </section>`;
}

function liability({ liability: list, openRewards }: ReportContent): Html {
  const charts = list
    .filter(({ byMonth }) => byMonth.length > 0)
    .map(({ name, unit, outstanding, value, byMonth }) => {
      const total = format.formatAmount(outstanding, unit);
      const worth = value ? `, worth ${format.formatMoney(value.amount, value.currency)}` : '';
      const bars = byMonth.map(({ month, amount }) => ({
        label: month === null ? 'never' : format.formatMonth(month),
        value: Number(amount),
      }));
      const title = `${name}: ${total} outstanding, by the month in which they expire`;
      return html`<p>${name}: ${total}${worth}.</p>
        <figure>
          ${barChart(bars, {
            title,
            format: format.formatAmount,
            every: Math.ceil(bars.length / 8),
          })}
        </figure>`;
    });
  const open = openRewards.reduce((sum, { rewards }) => sum + rewards, 0);
  return html`<section>
    <h2>What customers hold</h2>
    <p class="quiet">As of when this was made. ${LIABILITY_DEFINITION}</p>
    ${charts}
    <p>
      ${format.formatNumber(open)} ${open === 1 ? 'reward' : 'rewards'} waiting to be used.
      <span class="quiet">${OPEN_REWARDS_DEFINITION}</span>
    </p>
  </section>`;
}

function definitions({ kpis, programs: list }: ReportContent): Html {
  const all = [...kpis, ...(list[0]?.kpis ?? [])];
  return html`<section>
    <h2>What the figures mean</h2>
    <dl>
      ${all.map(
        ({ title, definition }) =>
          html`<dt>${title}</dt>
            <dd>${definition}</dd>`,
      )}
    </dl>
  </section>`;
}

function periodText({ from, to }: { from: string; to: string }): string {
  return from === to
    ? format.formatDate(from)
    : `${format.formatDate(from)} to ${format.formatDate(to)}`;
}
