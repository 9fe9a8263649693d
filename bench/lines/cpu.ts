import { limitLine, type LineResult } from './line.ts';

/** CPU-ms that a t3.micro can spend on a sale: it earns 200 a second. */
const BUDGETS = [
  { name: 'cpu-post', line: 'edge', role: 'edge', limitMs: 5, per: 'accepted post' },
  { name: 'cpu-worker', line: 'worker', role: 'worker', limitMs: 15, per: 'applied purchase' },
  { name: 'cpu-postgres', line: 'worker', role: 'postgres', limitMs: 3, per: 'applied purchase' },
] as const;

/**
 * Checks the CPU budgets at the highest rate, and without batches of company: at the steady rate of
 * the latency line, where batches are small and every purchase pays for its own round trips.
 */
export function cpuLines(lines: readonly LineResult[]): LineResult[] {
  return BUDGETS.flatMap(({ name, line, role, limitMs, per }) => {
    const used = cpuOf(lines, line, role);
    if (used === undefined) return [];
    const quiet = cpuOf(lines, 'whole-latency', role);
    return [
      limitLine({
        name,
        measured: `CPU-ms of ${role} an ${per}`,
        unit: ' ms',
        ours: used,
        limit: limitMs,
        most: Math.max(used, quiet ?? 0),
        notes: quiet === undefined ? [] : [`${quiet.toFixed(2)} at the latency line's rate`],
      }),
    ];
  });
}

function cpuOf(lines: readonly LineResult[], name: string, role: string): number | undefined {
  return lines.find((line) => line.name === name)?.cpuMsPerUnit['ours']?.[role];
}
