import type { Arena } from './arena.ts';

/** How hard a fault is tried. */
export interface How {
  /** The same seed sends the same sales in the same order. */
  readonly seed: number;
  /** A few seconds instead of the whole: for every run of the tests. */
  readonly short: boolean;
}

/** What must not be exceeded, and what was measured. */
export interface Bar {
  readonly about: string;
  readonly measured: number;
  readonly limit: number;
  readonly unit: 'ms' | '×' | '';
}

export interface Outcome {
  /** Promises that were broken; empty when all is well. */
  readonly violations: readonly string[];
  readonly bars: readonly Bar[];
}

/** Something that breaks while tills post, and what must hold all the same. */
export interface Fault {
  /** What `--only` takes. */
  readonly name: string;
  /** What breaks. */
  readonly about: string;
  /** Whether every run of the tests tries it; the others take their time by command. */
  readonly isAlwaysTried?: true;
  run(arena: Arena, how: How): Promise<Outcome>;
}

export const isMet = ({ measured, limit }: Bar): boolean => measured <= limit;
