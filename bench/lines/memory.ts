import { limitLine, type LineResult } from './line.ts';

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
    return [...this.#kib].map(([role, kib]) =>
      limitLine({
        name: `memory-${role}`,
        measured: `peak resident memory of ${role} in all runs above`,
        unit: ' MiB',
        ours: kib / 1_024,
        limit: LIMITS_MIB[role],
      }),
    );
  }
}
