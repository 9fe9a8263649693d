import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { LineResult } from '../lines/line.ts';
import type { Machine } from './machine.ts';

export interface Report {
  date: string;
  quick: boolean;
  machine: Machine;
  lines: LineResult[];
}

const HEADINGS = ['line', 'ours', 'peer', 'ratio', 'bar', 'goal', '', 'CPU-ms per unit'];

/** The table for a terminal. */
export function plainTable(lines: readonly LineResult[]): string {
  const rows = [HEADINGS, ...lines.map(cells)];
  const widths = HEADINGS.map((_, column) =>
    Math.max(...rows.map((row) => row[column]?.length ?? 0)),
  );
  const table = rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
  return [...table, '', ...notes(lines)].join('\n');
}

/** The same as Markdown, with what was measured and where. */
export function markdown({ date, quick, machine, lines }: Report): string {
  const { cores, cpu, memoryGib, node, redis, postgres, commit } = machine;
  const row = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  const mode = quick ? ', quick run: few and short rounds' : '';
  return [
    `${date.slice(0, 10)}, commit ${commit}${mode}. ${cores} cores of ${cpu}, ${memoryGib} GiB; Node ${node}, ` +
      `Redis ${redis} (\`appendfsync always\`), PostgreSQL ${postgres} (durable); everything, the ` +
      'load generator too, on this one machine.',
    '',
    row(HEADINGS),
    row(HEADINGS.map(() => '---')),
    ...lines.map((line) => row(cells(line))),
    '',
    ...notes(lines).map((note) => `- ${note}`),
    '',
  ].join('\n');
}

/** Keeps the report beside the bench, for machines and for people. */
export function writeReport(report: Report): void {
  const folder = join(import.meta.dirname, '..', 'results');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'latest.json'), `${JSON.stringify(report, null, 2)}\n`);
  writeFileSync(join(folder, 'latest.md'), markdown(report));
}

function cells(line: LineResult): string[] {
  const { name, unit, ours, peer, ratio, bar, goal, pass, goalMet } = line;
  const verdict = pass ? (goalMet ? 'pass, goal' : 'pass') : 'FAIL';
  return [
    name,
    figure(ours) + unit,
    peer === null ? '' : figure(peer) + unit,
    ratio === null ? '' : `${ratio.toFixed(2)}×`,
    bar,
    goal,
    verdict,
    Object.entries(line.cpuMsPerUnit)
      .map(([side, cpu]) => `${side}: ${describeCpu(cpu)}`)
      .join('; '),
  ];
}

function describeCpu(cpu: Readonly<Record<string, number>>): string {
  return Object.entries(cpu)
    .map(([role, ms]) => `${role} ${ms.toFixed(2)}`)
    .join(', ');
}

function figure(value: number): string {
  if (value >= 100) return Math.round(value).toLocaleString('en');
  return value >= 1 ? value.toFixed(1) : value.toPrecision(2);
}

function notes(lines: readonly LineResult[]): string[] {
  return lines.map(({ name, measured, against, notes }) => {
    const compared = against === '' ? measured : `${measured}, against: ${against}`;
    return `${name}: ${[compared, ...notes].join('; ')}`;
  });
}
