import { runStaticChecks } from './static-checks.ts';
import { closingLine } from './tally.ts';

/** `npm run check`: types, lint, format and boundaries, in seconds and without any server. */
const interrupted = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => interrupted.abort());
}
const tally = await runStaticChecks(interrupted.signal);
process.exitCode = tally.failed === 0 ? 0 : 1;
console.log(closingLine(tally));
