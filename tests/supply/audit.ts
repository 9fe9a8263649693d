import { spawnSync } from 'node:child_process';
import { root } from '../tools.ts';

/** As much of what `npm audit --json` prints as is read here. */
type Report = {
  readonly error?: { readonly summary?: string };
  readonly message?: string;
  readonly metadata?: { readonly vulnerabilities: Readonly<Record<string, number>> };
  readonly vulnerabilities?: Readonly<
    Record<string, { readonly name: string; readonly severity: string; readonly range: string }>
  >;
};

const NOT_KNOWN = 2;

/**
 * `npm run audit`: known vulnerabilities of what runs in production. Ends with 1 for a high or
 * critical one, and with 2 when the registry did not answer: then nothing is known, which is not the
 * same as nothing being wrong.
 */
function main(): number {
  const { stdout, stderr } = spawnSync('npm', ['audit', '--json', '--omit=dev'], {
    cwd: root,
    encoding: 'utf8',
    timeout: 120_000,
  });
  const report = parse(stdout);
  if (!report?.metadata) {
    const said = [report?.error?.summary, report?.message, stderr.trim()].find(Boolean);
    console.error(
      `The registry did not answer, so nothing is known. npm says: ${said ?? 'nothing'}`,
    );
    return NOT_KNOWN;
  }
  for (const { name, severity, range } of Object.values(report.vulnerabilities ?? {})) {
    console.log(`${severity}: ${name} ${range}`);
  }
  const { high = 0, critical = 0, total = 0 } = report.metadata.vulnerabilities;
  console.log(`${total} known vulnerabilities, ${high + critical} of them high or critical`);
  return high + critical > 0 ? 1 : 0;
}

function parse(text: string): Report | undefined {
  try {
    return JSON.parse(text) as Report;
  } catch {
    return undefined;
  }
}

process.exitCode = main();
