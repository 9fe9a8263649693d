import { spawn } from 'node:child_process';
import { Socket } from 'node:net';

/**
 * Starts a shell that ends the process when the launcher dies, even by `kill -9`: the pipe between
 * them then closes. What is returned releases the guard without a kill, by a line through the pipe. Unlike a
 * parent-death signal it works on macOS too, and the guarded program need not know of it.
 */
export function startGuard(of: {
  /** What people call it, in the list of processes. */
  readonly name: string;
  /** The process; negative: its whole group. */
  readonly target: number;
  readonly stopSignal: NodeJS.Signals;
  /** How long it may take to stop before it is killed. */
  readonly stopGraceMs: number;
}): () => void {
  const graceTenths = Math.ceil(of.stopGraceMs / 100);
  // The process may stay as a zombie where nobody fetches the dead: that counts as ended.
  const script = `read -r line && exit 0
    lives() { kill -0 $1 && ! grep -q '^State:.Z' /proc/$1/status; }
    kill -CONT $1; kill -${of.stopSignal.slice('SIG'.length)} $1
    tenths=0
    while lives $1 && [ $tenths -lt ${graceTenths} ]; do sleep 0.1; tenths=$((tenths + 1)); done
    kill -KILL $1`;
  const guard = spawn('/bin/sh', ['-c', script, `guard of ${of.name}`, String(of.target)], {
    cwd: '/',
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  });
  const { stdin } = guard;
  guard.unref();
  if (stdin instanceof Socket) stdin.unref();
  // A guard that somebody killed cannot be released; the process it guarded has ended anyway.
  stdin.on('error', () => undefined);
  return () => stdin.end('released\n');
}
