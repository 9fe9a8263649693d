import { readFileSync } from 'node:fs';

/** What one process, with the children it has, has used so far. */
export interface Usage {
  /** User and system time since it started. */
  cpuMs: number;
  /** Most memory it ever held (VmHWM); of the process itself, children excluded. */
  peakRssKib: number;
}

// USER_HZ is 100 on every Linux that Node runs on: 10 ms is as fine as this clock gets.
const MS_PER_TICK = 10;

/**
 * Reads what a process has used. PostgreSQL's work is done by its children; what a child used that
 * has ended is in its parent's `cutime` and `cstime`, so nothing is lost between two readings.
 */
export function readUsage(pid: number): Usage {
  return { cpuMs: treeTicks(pid) * MS_PER_TICK, peakRssKib: statusKib(pid, 'VmHWM') };
}

function treeTicks(pid: number): number {
  const stat = read(`/proc/${pid}/stat`);
  // The second field is the program's name in brackets, which may hold spaces.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const own = fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0);
  const children = read(`/proc/${pid}/task/${pid}/children`).split(' ').filter(Boolean);
  return children.reduce((sum, child) => sum + treeTicks(Number(child)), own);
}

function statusKib(pid: number, field: 'VmHWM'): number {
  const found = new RegExp(`^${field}:\\s+(\\d+) kB`, 'm').exec(read(`/proc/${pid}/status`));
  return Number(found?.[1] ?? 0);
}

/** Empty for a process that has ended meanwhile. */
function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

/** CPU time by role between two readings, divided by the units of work done in between. */
export class Meter {
  readonly #pids: Readonly<Record<string, number>>;
  readonly #before: Record<string, number>;

  constructor(pids: Readonly<Record<string, number>>) {
    this.#pids = pids;
    this.#before = this.#read();
  }

  cpuMsPerUnit(units: number): Record<string, number> {
    const after = this.#read();
    const entries = Object.entries(after).map(([role, cpuMs]) => {
      return [role, (cpuMs - (this.#before[role] ?? 0)) / units] as const;
    });
    return Object.fromEntries(entries);
  }

  #read(): Record<string, number> {
    const entries = Object.entries(this.#pids);
    return Object.fromEntries(entries.map(([role, pid]) => [role, readUsage(pid).cpuMs]));
  }
}
