import type { Stage } from '../harness/stage.ts';
import type { MeteredRole } from './memory.ts';

/** What a line may use, and how much time it may take. */
export interface LineContext {
  stage: Stage;
  quick: boolean;
  tell: (text: string) => void;
  /** Notes the most memory a role has held while it was measured. */
  notePeak: (role: MeteredRole, pid: number) => void;
}

/** One line of the table. */
export interface LineResult {
  name: string;
  /** What is counted, and against what. */
  measured: string;
  against: string;
  unit: string;
  ours: number;
  /** Null where there is nothing to compare with. */
  peer: number | null;
  ratio: number | null;
  bar: string;
  goal: string;
  pass: boolean;
  goalMet: boolean;
  /** By side, then by role. */
  cpuMsPerUnit: Record<string, Record<string, number>>;
  notes: string[];
}

/** Concurrency of every worker here; the product's default. */
export const WORKER_CONCURRENCY = 300;
/** Connections a busy shopping street keeps open to the edge. */
export const CONNECTIONS = 64;
export const PURCHASE_PATH = '/v1/pos/transactions';

/** A line that has a limit and no peer: no more than `limit` units. */
export function limitLine(of: {
  name: string;
  measured: string;
  unit: string;
  ours: number;
  limit: number;
  /** What must be within it, where that is not `ours`. */
  most?: number;
  notes?: string[];
}): LineResult {
  const { name, measured, unit, ours, limit, most = ours, notes = [] } = of;
  const bar = `≤ ${limit}${unit}`;
  const pass = most <= limit;
  return {
    name,
    measured,
    against: '',
    unit,
    ours,
    peer: null,
    ratio: null,
    bar,
    goal: bar,
    pass,
    goalMet: pass,
    cpuMsPerUnit: {},
    notes,
  };
}
