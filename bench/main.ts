import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { describeMachine } from './harness/machine.ts';
import { readUsage } from './harness/meter.ts';
import { plainTable, type Report, writeReport } from './harness/report.ts';
import { Stage } from './harness/stage.ts';
import { measureAuthenticate } from './lines/authenticate.ts';
import { measureBacktest } from './lines/backtest.ts';
import { measureCardRead } from './lines/card-read.ts';
import { cpuLines } from './lines/cpu.ts';
import { measureDecide } from './lines/decide.ts';
import { measureEdge } from './lines/edge.ts';
import { measureGrowth } from './lines/growth.ts';
import { measureImport } from './lines/import.ts';
import type { LineContext, LineResult } from './lines/line.ts';
import { Peaks } from './lines/memory.ts';
import { measureRelay } from './lines/relay.ts';
import { measureRowLevelSecurity } from './lines/row-level-security.ts';
import { measureSearch } from './lines/search.ts';
import { measureSweep } from './lines/sweep.ts';
import { measureScreens } from './lines/screens.ts';
import { measureWebhooks } from './lines/webhooks.ts';
import { measureWhole } from './lines/whole.ts';
import { measureWorker } from './lines/worker.ts';

const measurements: Record<string, (context: LineContext) => Promise<LineResult[]>> = {
  edge: async (context) => [await measureEdge(context)],
  worker: measureWorker,
  relay: measureRelay,
  whole: measureWhole,
  growth: measureGrowth,
  sweep: measureSweep,
  authenticate: measureAuthenticate,
  'row-level-security': measureRowLevelSecurity,
  decide: measureDecide,
  'card-read': measureCardRead,
  backtest: measureBacktest,
  import: measureImport,
  search: measureSearch,
  webhooks: measureWebhooks,
  screens: measureScreens,
};

const usage = `Usage: npm run bench [-- --only ${Object.keys(measurements).join(',')}] [--quick] [--profile folder]`;

interface Options {
  only: string[];
  quick: boolean;
  profileDir: string | undefined;
}

/** Measures ourselves and the peers, prints the table, keeps it, and takes everything away again. */
async function main(options: Options): Promise<void> {
  const abort = new AbortController();
  let stage: Stage | undefined;
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      // A terminal and npm may both deliver the same Ctrl-C.
      if (abort.signal.aborted) return;
      abort.abort();
      console.error('stopping');
      // While the stack is starting there is no stage yet, and the start gives itself up.
      if (stage) void stage.stop().finally(() => process.exit(130));
    });
  }
  try {
    stage = await Stage.open({ signal: abort.signal, profileDir: options.profileDir });
    const report = await measure(stage, options);
    console.log(`\n${plainTable(report.lines)}`);
    // Parts of a run must not pass for a whole one, nor a profiled run for a quick one.
    const isWhole = options.only.length === Object.keys(measurements).length;
    if (isWhole && options.profileDir === undefined) writeReport(report);
    process.exitCode = report.lines.every((line) => line.pass) ? 0 : 1;
  } catch (error) {
    if (!abort.signal.aborted) throw error;
    process.exitCode = 130;
  } finally {
    // After Ctrl-C the handler's own stop is awaited here: it is one and the same.
    await stage?.stop();
  }
}

async function measure(stage: Stage, { only, quick }: Options): Promise<Report> {
  const { redisUrl, postgresUrl } = stage.stack;
  const machine = await describeMachine({ redisUrl, postgresUrl });
  const peaks = new Peaks();
  const lines: LineResult[] = [];
  for (const name of only) {
    const startedAt = performance.now();
    const results = await measurements[name]?.({
      stage,
      quick,
      tell: (text) => console.error(`  ${name}: ${text}`),
      notePeak: (role, pid) => peaks.note(role, readUsage(pid).peakRssKib),
    });
    lines.push(...(results ?? []));
    await stage.tidy();
    console.error(`${name}: ${Math.round((performance.now() - startedAt) / 1_000)} s`);
  }
  lines.push(...cpuLines(lines), ...peaks.lines());
  return { date: new Date().toISOString(), quick, machine, lines };
}

function readOptions(): Options {
  const { values } = parseArgs({
    options: {
      only: { type: 'string' },
      quick: { type: 'boolean', default: false },
      profile: { type: 'string' },
    },
  });
  const only = values.only?.split(',') ?? Object.keys(measurements);
  const unknown = only.find((name) => !Object.hasOwn(measurements, name));
  if (unknown !== undefined) throw new Error(`no line ${unknown}. ${usage}`);
  const profileDir = values.profile === undefined ? undefined : resolve(values.profile);
  return { only, quick: values.quick, profileDir };
}

await main(readOptions());
