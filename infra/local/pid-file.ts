import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';

/** A process and the moment it was born: a process id alone is soon given to somebody else. */
type Identity = { readonly pid: number; readonly born: string };

/** What a pid file says: the process, and the launcher that started it. */
type PidFile = { readonly process: Identity; readonly launcher: Identity };

/** The processes of a pid file that still live; undefined for one that is gone. */
export type Alive = { readonly pid: number | undefined; readonly launcherPid: number | undefined };

/**
 * Notes that `pid` was started by this process.
 *
 * @param file where to write; its folder must exist
 */
export function writePidFile(file: string, pid: number): void {
  const content: PidFile = {
    process: { pid, born: bornAt(pid) ?? 'gone' },
    launcher: { pid: process.pid, born: bornAt(process.pid) ?? 'gone' },
  };
  writeFileSync(file, JSON.stringify(content));
}

/** Reads a pid file and says which of its two processes still live. No file: neither. */
export function readPidFile(file: string): Alive {
  const content = existsSync(file) ? parse(readFileSync(file, 'utf8')) : undefined;
  return {
    pid: content === undefined ? undefined : alive(content.process),
    launcherPid: content === undefined ? undefined : alive(content.launcher),
  };
}

/** Forgets a pid file; none there is no error. */
export function removePidFile(file: string): void {
  rmSync(file, { force: true });
}

function parse(text: string): PidFile | undefined {
  // A launcher killed while writing leaves half a file, which tells nothing.
  try {
    return JSON.parse(text) as PidFile;
  } catch {
    return undefined;
  }
}

function alive({ pid, born }: Identity): number | undefined {
  return bornAt(pid) === born ? pid : undefined;
}

/** When a process was born, as an opaque word; undefined when there is no such process. */
function bornAt(pid: number): string | undefined {
  return process.platform === 'linux' ? bornOnLinux(pid) : bornByPs(pid);
}

function bornOnLinux(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // Field 2, the name, may hold blanks and brackets, so count from behind it:
    // the state is field 3 (Z: dead, but not yet fetched by its parent), the start time field 22.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const bootId = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    return fields[0] === 'Z' ? undefined : `${bootId}/${fields[19]}`;
  } catch {
    return undefined;
  }
}

function bornByPs(pid: number): string | undefined {
  try {
    const born = execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' });
    return born.trim() || undefined;
  } catch {
    return undefined;
  }
}
