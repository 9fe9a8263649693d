/** One figure of a replay beside what it must be. */
export type Row = { readonly what: string; readonly expected: string; readonly got: string };

/** What came of a replay; it is right when no row differs. */
export type Report = {
  readonly name: string;
  readonly sales: number;
  readonly seconds: number;
  readonly rows: readonly Row[];
};

/** Two values side by side. */
export function compare(what: string, expected: number | string, got: number | string): Row {
  return { what, expected: String(expected), got: String(got) };
}

/** Two lists of one thing each; says which ones differ, a few of them. */
export function compareLists(
  what: string,
  expected: readonly string[],
  got: readonly string[],
): Row {
  const missing = [...new Set(expected)].filter((item) => !got.includes(item));
  const extra = [...new Set(got)].filter((item) => !expected.includes(item));
  const few = (items: readonly string[]) => items.slice(0, 5).join(' ');
  const faults = [
    ...(missing.length > 0 ? [`${missing.length} missing (${few(missing)})`] : []),
    ...(extra.length > 0 ? [`${extra.length} too many (${few(extra)})`] : []),
  ];
  const same = `${expected.length}, the very ones`;
  const isSame = faults.length === 0 && expected.length === got.length;
  return { what, expected: same, got: isSame ? same : `${got.length}: ${faults.join(', ')}` };
}

/** Two long lists in which one thing may stand several times, in any order. */
export function compareCounted(
  what: string,
  expected: readonly string[],
  got: readonly string[],
): Row {
  const left = new Map<string, number>();
  for (const item of expected) left.set(item, (left.get(item) ?? 0) + 1);
  for (const item of got) left.set(item, (left.get(item) ?? 0) - 1);
  const few = (sign: number) => {
    const unlike = [...left].filter(([, count]) => count * sign > 0).map(([item]) => item);
    return `${unlike.length} (${unlike.slice(0, 5).join(' ')})`;
  };
  const same = `${expected.length}, the very ones`;
  const isSame = [...left.values()].every((count) => count === 0);
  const faults = `${got.length}: missing ${few(1)}, too many ${few(-1)}`;
  return { what, expected: same, got: isSame ? same : faults };
}

/** The rows that are not as they must be. */
export function differences({ rows }: Report): Row[] {
  return rows.filter(({ expected, got }) => expected !== got);
}

/** A short table for people. */
export function formatReport(report: Report): string {
  const { name, sales, seconds, rows } = report;
  const width = Math.max(...rows.map(({ what }) => what.length));
  const lines = rows.map(({ what, expected, got }) => {
    const verdict = expected === got ? got : `${got}   expected: ${expected}`;
    return `  ${expected === got ? '✓' : '✗'} ${what.padEnd(width)}  ${verdict}`;
  });
  const perSecond = Math.round(sales / seconds);
  const head = `${name}: ${sales} sales in ${seconds.toFixed(1)} s (${perSecond} a second)`;
  return [head, ...lines].join('\n');
}
