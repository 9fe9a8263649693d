import { runStaticChecks } from './static-checks.ts';
import { closingLine } from './tally.ts';
import { whenToldToStop } from './tools.ts';

/** `npm run check`: types, lint, format and boundaries, in seconds and without any server. */
const tally = await runStaticChecks(whenToldToStop());
process.exitCode = tally.failed === 0 ? 0 : 1;
console.log(closingLine(tally));
