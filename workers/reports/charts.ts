import { html, type Html } from './html.ts';

const WIDTH = 720;

export interface Bar {
  label: string;
  value: number;
  /** What stands beside it from the period before. */
  previous?: number;
}

/**
 * Bars over time with a line for the period before. Drawn with attributes and classes alone, so that
 * a page that forbids scripts and inline styles shows it.
 * @param of.title read out in place of the picture
 */
export function barChart(
  bars: readonly Bar[],
  of: { title: string; format: (value: number) => string; every?: number },
): Html {
  const box = { left: 64, right: 8, top: 12, bottom: 24, height: 200 };
  const values = bars.flatMap(({ value, previous = 0 }) => [value, previous]);
  const ticks = niceTicks(Math.min(0, ...values), Math.max(1, ...values));
  const low = ticks[0] ?? 0;
  const high = ticks.at(-1) ?? 1;
  const y = (value: number) =>
    round(box.top + ((high - value) / (high - low || 1)) * (box.height - box.top - box.bottom));
  const step = (WIDTH - box.left - box.right) / Math.max(1, bars.length);
  const x = (i: number) => round(box.left + i * step);
  const width = Math.min(48, step * 0.76);
  const every = of.every ?? Math.ceil(bars.length / 10);
  const line = bars.flatMap(({ previous }, i) =>
    previous === undefined ? [] : [`${round(x(i) + step / 2)},${y(previous)}`],
  );
  return html`<svg viewBox="0 0 ${WIDTH} ${box.height}" role="img" aria-label="${of.title}">
    ${ticks.map(
      (tick) =>
        html`<line
            class="grid"
            x1="${box.left}"
            x2="${WIDTH - box.right}"
            y1="${y(tick)}"
            y2="${y(tick)}"
          /><text class="axis" x="${box.left - 8}" y="${y(tick) + 4}" text-anchor="end"
            >${of.format(tick)}</text
          >`,
    )}
    ${bars.map(({ label, value }, i) => {
      const top = Math.min(y(value), y(0));
      return html`<rect
        class="bar"
        x="${round(x(i) + (step - width) / 2)}"
        y="${top}"
        width="${round(width)}"
        height="${round(Math.abs(y(value) - y(0)))}"
        ><title>${label}: ${of.format(value)}</title></rect
      >`;
    })}
    ${line.length > 1 ? html`<polyline class="before" points="${line.join(' ')}" />` : ''}
    ${bars.map(({ label }, i) =>
      i % every === 0
        ? html`<text
            class="axis"
            x="${round(x(i) + step / 2)}"
            y="${box.height - 6}"
            text-anchor="middle"
            >${label}</text
          >`
        : '',
    )}
  </svg>`;
}

const WEEKDAYS = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];
/** Shades from nothing to most, as classes of the page. */
export const SHADES = 8;

/** Of which shade a value is, 0 for none. */
export function shadeOf(value: number, most: number): number {
  return value <= 0 || most <= 0 ? 0 : Math.max(1, Math.ceil((value / most) * SHADES));
}

/** Weekdays by hours, darker where more came; the number stands in each cell. */
export function heatMap(
  cells: readonly { weekday: number; hour: number; value: number }[],
  title: string,
): Html {
  const hours = cells.map(({ hour }) => hour);
  const first = Math.min(23, ...hours);
  const last = Math.max(first, ...hours);
  const most = Math.max(0, ...cells.map(({ value }) => value));
  const left = 40;
  const width = (WIDTH - left - 4) / (last - first + 1);
  const height = 24;
  const x = (hour: number) => round(left + (hour - first) * width);
  const y = (weekday: number) => (weekday - 1) * height;
  const labels = Array.from({ length: last - first + 1 }, (_, i) => first + i);
  return html`<svg viewBox="0 0 ${WIDTH} ${height * 7 + 20}" role="img" aria-label="${title}">
    ${WEEKDAYS.map((name, i) => html`<text class="axis" x="${left - 8}" y="${y(i + 1) + 16}" text-anchor="end">${name}</text>`)}
    ${WEEKDAYS.flatMap((_, i) =>
      labels.map(
        (hour) =>
          html`<rect
            class="cell shade-0"
            x="${x(hour)}"
            y="${y(i + 1)}"
            width="${round(width - 2)}"
            height="${height - 2}"
          />`,
      ),
    )}
    ${cells.map(({ weekday, hour, value }) => {
      const shade = shadeOf(value, most);
      const ink = shade > SHADES / 2 ? 'light' : 'dark';
      return html`<rect
          class="cell shade-${shade}"
          x="${x(hour)}"
          y="${y(weekday)}"
          width="${round(width - 2)}"
          height="${height - 2}"
          ><title>${WEEKDAYS[weekday - 1]} ${hour}:00: ${value}</title></rect
        ><text
          class="in-cell ${ink}"
          x="${round(x(hour) + width / 2 - 1)}"
          y="${y(weekday) + 15}"
          text-anchor="middle"
          >${value}</text
        >`;
    })}
    ${labels.map((hour) => html`<text class="axis" x="${round(x(hour) + width / 2 - 1)}" y="${height * 7 + 14}" text-anchor="middle">${String(hour).padStart(2, '0')}</text>`)}
  </svg>`;
}

/** Round numbers from at or below `low` to at or above `high`, four steps or so. */
export function niceTicks(low: number, high: number): number[] {
  const rough = (high - low) / 4;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 2.5, 5, 10].map((n) => n * power).find((n) => n >= rough) ?? power * 10;
  const ticks: number[] = [];
  for (let tick = Math.floor(low / step) * step; tick < high + step; tick += step) {
    ticks.push(Math.round(tick * 1_000) / 1_000);
    if (tick >= high) break;
  }
  return ticks;
}

const round = (value: number) => Math.round(value * 10) / 10;
