import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { root, runTool } from './tools.ts';
import { add, nothing, type Tally } from './tally.ts';

/**
 * Runs every `check:*` script of package.json, as many at once as there are processors, and prints
 * one line for each; a failed one's output follows.
 */
export async function runStaticChecks(signal: AbortSignal): Promise<Tally> {
  const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    readonly scripts: Readonly<Record<string, string>>;
  };
  const waiting = Object.entries(scripts).filter(([name]) => name.startsWith('check:'));
  const tallies: Tally[] = [];
  const drain = async () => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      tallies.push(await runStaticCheck({ name: next[0], command: next[1], signal }));
    }
  };
  await Promise.all(Array.from({ length: availableParallelism() }, drain));
  return tallies.reduce(add, nothing);
}

async function runStaticCheck(check: {
  readonly name: string;
  readonly command: string;
  readonly signal: AbortSignal;
}): Promise<Tally> {
  const startedAtMs = Date.now();
  const { exitCode, output } = await runTool({
    file: '/bin/sh',
    args: ['-c', check.command],
    environment: {},
    output: 'collect',
    signal: check.signal,
  });
  const seconds = ((Date.now() - startedAtMs) / 1000).toFixed(1);
  if (exitCode === 0) {
    console.log(`✓ ${check.name} (${seconds} s)`);
    return { ...nothing, passed: 1 };
  }
  console.log(`✗ ${check.name} (${seconds} s)\n${output}`);
  return { ...nothing, failed: 1 };
}
