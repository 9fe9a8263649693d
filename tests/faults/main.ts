/**
 * `npm run chaos`: breaks things under load, seed after seed, and tells what held.
 *   --short          each fault once, for seconds
 *   --seeds N        how many seeds; default 20, or 1 with --short
 *   --seed N         the first of them; default 1
 *   --only a,b       some faults
 * Ends with 1 when a promise was broken or a bar was missed.
 */
import { parseArgs } from 'node:util';
import { openArena } from './arena.ts';
import { type Bar, type Fault, isMet, type Outcome } from './fault.ts';
import { faults } from './faults.ts';

interface Summary {
  runs: number;
  violations: string[];
  /** The worst of each bar, by what it is about. */
  bars: Map<string, Bar>;
}

const { values } = parseArgs({
  options: {
    short: { type: 'boolean', default: false },
    seeds: { type: 'string' },
    seed: { type: 'string', default: '1' },
    only: { type: 'string' },
  },
});
const wanted = values.only?.split(',');
const unknown = wanted?.filter((name) => !faults.some((fault) => fault.name === name)) ?? [];
if (unknown.length > 0) {
  console.error(
    `No fault ${unknown.join(', ')}. There are: ${faults.map((f) => f.name).join(', ')}`,
  );
  process.exit(2);
}
const chosen = faults.filter((fault) => !wanted || wanted.includes(fault.name));
const seeds = Number(values.seeds ?? (values.short ? 1 : 20));
const firstSeed = Number(values.seed);

const summaries = new Map(chosen.map((fault) => [fault, emptySummary()]));
const arena = await openArena();
try {
  for (let seed = firstSeed; seed < firstSeed + seeds; seed += 1) {
    for (const fault of chosen) {
      const startedAtMs = performance.now();
      const outcome = await attempt(fault, seed);
      keep(summaries.get(fault), outcome);
      const seconds = ((performance.now() - startedAtMs) / 1_000).toFixed(0);
      console.log(
        `seed ${seed}  ${fault.name.padEnd(24)} ${seconds.padStart(4)} s  ${tell(outcome)}`,
      );
    }
  }
} finally {
  await arena.close();
}
console.log(table());
const isGood = [...summaries.values()].every(
  ({ violations, bars }) => violations.length === 0 && [...bars.values()].every(isMet),
);
process.exit(isGood ? 0 : 1);

async function attempt(fault: Fault, seed: number): Promise<Outcome> {
  try {
    return await fault.run(arena, { seed, short: values.short });
  } catch (error) {
    return { violations: [error instanceof Error ? error.message : String(error)], bars: [] };
  } finally {
    await arena.restore();
  }
}

function emptySummary(): Summary {
  return { runs: 0, violations: [], bars: new Map() };
}

function keep(summary: Summary | undefined, { violations, bars }: Outcome): void {
  if (!summary) return;
  summary.runs += 1;
  summary.violations.push(...violations);
  for (const bar of bars) {
    const worst = summary.bars.get(bar.about);
    if (!worst || bar.measured > worst.measured) summary.bars.set(bar.about, bar);
  }
}

function tell({ violations, bars }: Outcome): string {
  const missed = bars.filter((bar) => !isMet(bar));
  return (
    [
      ...violations.map((text) => `BROKEN: ${text}`),
      ...missed.map((bar) => `MISSED: ${show(bar)}`),
    ].join('; ') || 'held'
  );
}

function show({ about, measured, limit, unit }: Bar): string {
  const digits = unit === '×' ? 2 : 0;
  return `${about} ${measured.toFixed(digits)}${unit && ` ${unit}`} (≤ ${limit}${unit && ` ${unit}`})`;
}

function table(): string {
  const rows = [...summaries].flatMap(([{ name, about }, { runs, violations, bars }]) => {
    const held = violations.length === 0 ? 'held' : `${violations.length} BROKEN`;
    const told = [...bars.values()].map((bar) => `${show(bar)}${isMet(bar) ? '' : ' MISSED'}`);
    return [`| ${name} | ${about} | ${runs} | ${held} | ${told.join('; ')} |`];
  });
  return [
    '',
    '| fault | what breaks | runs | promises | worst |',
    '|---|---|---|---|---|',
    ...rows,
  ].join('\n');
}
