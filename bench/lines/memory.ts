import type { LineResult } from './line.ts';

export type MeteredRole = 'edge' | 'worker' | 'redis';

/** What a t3.micro with 1 GiB leaves for each process. */
const LIMITS_MIB: Record<MeteredRole, number> = { edge: 160, worker: 160, redis: 192 };

/** Notes the most memory that each role has held while it was measured. */
export class Peaks {
  readonly #kib = new Map<MeteredRole, number>();

  note(role: MeteredRole, kib: number): void {
    this.#kib.set(role, Math.max(kib, this.#kib.get(role) ?? 0));
  }

  lines(): LineResult[] {
    return [...this.#kib].map(([role, kib]) => {
      const mib = kib / 1_024;
      const limit = LIMITS_MIB[role];
      return {
        name: `memory-${role}`,
        measured: `peak resident memory of ${role} in all runs above`,
        against: '',
        unit: ' MiB',
        ours: mib,
        peer: null,
        ratio: null,
        bar: `≤ ${limit} MiB`,
        goal: `≤ ${limit} MiB`,
        pass: mib <= limit,
        goalMet: mib <= limit,
        cpuMsPerUnit: {},
        notes: [],
      };
    });
  }
}
