/**
 * What judging alone costs: a program's whole history is read into memory once, then judged again and
 * again by the product's own rules, with no database, queue or JSON in between. For each message from
 * its parent it judges everything once and answers the CPU-ms that took.
 */
import { createBacktest } from '../../domain/backtest/backtest.ts';
import type { CardHistory } from '../../domain/backtest/card-history.ts';
import { participates } from '../../domain/programs/program.ts';
import { createConfigCache } from '../../infra/postgres/config-cache.ts';
import { createPool } from '../../infra/postgres/pool.ts';
import { createProgramHistory } from '../../infra/postgres/program-history.ts';
import { inBusinesses } from '../../infra/postgres/tenant.ts';
import { createLog } from '../../infra/telemetry/log.ts';
import { setting } from './peer.ts';

const log = createLog({ process: 'decide-loop', level: 'warn' });
const pool = createPool({
  url: setting('WORKER_DATABASE_URL'),
  applicationName: 'decide-loop',
  maxConnections: 2,
  lockTimeoutMs: 2_000,
  statementTimeoutMs: 60_000,
  log,
});
const businessId = setting('BUSINESS_ID') as `biz_${string}`;
const inBusiness = <T>(work: () => Promise<T>) => inBusinesses([businessId], work);
const configs = await inBusiness(() => createConfigCache()(pool, [businessId]));
const config = configs.get(businessId);
const program = config?.programs[0];
const draft = program?.versions[0];
if (!config || !program || !draft) throw new Error('no program to try');
const stores = config.stores.filter((store) => participates(program, store));
const cards: CardHistory[] = [];
await inBusiness(() =>
  createProgramHistory(pool).read(
    { businessId, program, stores, since: 0, until: Date.now() },
    async (page) => void cards.push(...page),
  ),
);
await pool.end();

process.on('message', () => {
  const before = process.cpuUsage();
  const backtest = createBacktest({ program, draft });
  for (const card of cards) backtest.judge(card);
  const { user, system } = process.cpuUsage(before);
  process.send?.({ purchases: backtest.report().purchases, cpuMs: (user + system) / 1_000 });
});
process.send?.('ready');
