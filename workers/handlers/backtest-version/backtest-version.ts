import {
  type BacktestReport,
  type ChangedCard,
  createBacktest,
} from '../../../domain/backtest/backtest.ts';
import type { CardHistory, Figures } from '../../../domain/backtest/card-history.ts';
import type { ProgramHistory } from '../../../domain/backtest/history.ts';
import type { BusinessConfig } from '../../../domain/earning/decide-purchase.ts';
import type { CommandStore } from '../../../domain/ledger/command-store.ts';
import { participates } from '../../../domain/programs/program.ts';
import type { BusinessId, IdSource, JobId } from '../../../domain/values/ids.ts';
import { DAY_MS } from '../../../domain/values/time.ts';
import { presentAmount, type Unit } from '../../../domain/values/units.ts';
import type { Envelope } from '../../../queues/envelope.ts';
import type { CommandOutcome } from '../../../queues/outcome.ts';
import type { PayloadOf } from '../../../queues/registry.ts';
import { createCommandHandler, type WorkOutcome } from '../command.ts';
import type { Handler } from '../handler.ts';

export interface BacktestDependencies {
  store: CommandStore<object>;
  history: ProgramHistory;
  readConfig: (businessId: BusinessId) => Promise<BusinessConfig | undefined>;
  ids: IdSource;
  /** Tells whoever polls the job how far it is. */
  tellProgress: (jobId: JobId, progress: { done: number; total: number }) => Promise<void>;
  /** Lets other work of this process run. */
  breathe: () => Promise<void>;
}

/** How many cards are judged at one go, some milliseconds, before sales get their turn. */
const CARDS_PER_TURN = 40;

/**
 * Runs a version over the last days of real history and answers what it would have given, beside what
 * was given. Writes nothing but its own outcome: `completed` with the report, or `declined` as
 * `unknown-program` or `unknown-version`.
 */
export function createBacktestVersionHandler(
  dependencies: BacktestDependencies,
): Handler<'backtest-version'> {
  // Judged before the transaction begins: it may take minutes, and a transaction must not.
  return async (messages) => {
    const outcomes: CommandOutcome[] = [];
    for (const message of messages) {
      const outcome = await backtest(message, dependencies);
      const end = createCommandHandler<'backtest-version', object>(
        dependencies,
        async () => outcome,
      );
      outcomes.push(...(await end([message])));
    }
    return outcomes;
  };
}

async function backtest(
  message: Envelope<PayloadOf<'backtest-version'>>,
  { history, readConfig, tellProgress, breathe }: BacktestDependencies,
): Promise<WorkOutcome> {
  const { businessId, payload } = message;
  const subjectId = payload.programId;
  const config = await readConfig(businessId);
  const program = config?.programs.find((p) => p.id === payload.programId);
  if (!config || !program) return { status: 'declined', code: 'unknown-program', subjectId };
  const draft = program.versions.find((v) => v.number === payload.number);
  if (!draft) return { status: 'declined', code: 'unknown-version', subjectId };

  const until = Date.parse(message.receivedAt);
  const since = until - payload.days * DAY_MS;
  const stores = config.stores.filter((store) => participates(program, store));
  const trial = createBacktest({ program, draft });
  let done = 0;
  const judge = async (cards: Iterable<CardHistory>, total: number) => {
    for (const card of cards) {
      trial.judge(card);
      done += 1;
      if (done % CARDS_PER_TURN === 0) await breathe();
    }
    await tellProgress(message.id, { done, total });
  };
  await history.read({ businessId, program, stores, since, until }, judge);
  return {
    status: 'completed',
    transactionId: null,
    result: {
      backtest: {
        programId: program.id,
        version: draft.number,
        days: payload.days,
        from: new Date(since).toISOString(),
        to: new Date(until).toISOString(),
        ...presentReport(trial.report(), program.unit),
      },
    },
    subjectId,
    auditDetail: { version: draft.number, days: payload.days },
  };
}

function presentReport(report: BacktestReport, unit: Unit) {
  return {
    unit,
    cards: report.cards,
    transactions: report.purchases,
    actual: presentFigures(report.actual, unit),
    draft: presentFigures(report.draft, unit),
    changedCards: report.changedCards,
    mostChanged: report.mostChanged.map((card) => presentChanged(card, unit)),
  };
}

function presentChanged(
  { cardId, customerId, actual, draft, difference }: ChangedCard,
  unit: Unit,
) {
  return {
    cardId,
    customerId,
    actual: presentFigures(actual, unit),
    draft: presentFigures(draft, unit),
    difference:
      difference < 0
        ? `-${presentAmount(-difference, unit)}`
        : `${presentAmount(difference, unit)}`,
  };
}

/** `liability` is what the period left the shop owing: what is on the cards, and what its rewards cost. */
function presentFigures({ earned, rewards, rewardsCost, balance }: Figures, unit: Unit) {
  return {
    earned: presentAmount(earned, unit),
    rewards,
    balance: presentAmount(balance, unit),
    liability: presentAmount(balance + rewardsCost, unit),
  };
}
