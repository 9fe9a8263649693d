import { readFileSync } from 'node:fs';
import { get } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { Client } from 'pg';
import { type EventId, timeOfId } from '../../domain/values/ids.ts';
import { toUuid } from '../../infra/postgres/ids.ts';
import { startTokenIssuer } from '../../tests/token-issuer.ts';
import { cardCode, seedShops } from '../harness/shops.ts';
import { type LineContext, limitLine, type LineResult, PURCHASE_PATH } from './line.ts';

const SCREENS = 1_000;
const OPENED_AT_ONCE = 20;
const MEMORY_BAR_MIB = 100;
const HEARD_BAR_MS = 2_000;
/** A shopping street at noon. */
const SALES_PER_SECOND = 20;

/**
 * A thousand open screens at one edge: what they cost it in memory, and how soon a sale is seen on
 * them, from just before its commit.
 */
export async function measureScreens({ stage, quick, tell }: LineContext): Promise<LineResult[]> {
  const [shop] = await seedShops(stage.stack.postgresUrl, { cards: 4_000, postingsPerCard: 1 });
  if (!shop) throw new Error('a shop is needed to watch');
  const issuer = await startTokenIssuer();
  const client = new Client({ connectionString: stage.stack.postgresUrl });
  await client.connect();
  const prefix = 'bench-screens';
  const edge = await stage.startProduct('edge', {
    prefix,
    env: { ...issuerEnv(issuer.env), NODE_ENV: 'test' },
  });
  const worker = await stage.startProduct('worker', { prefix });
  const relay = await stage.startProduct('relay', { prefix });
  const screens: { destroy(): void }[] = [];
  try {
    const subjects = Array.from({ length: SCREENS }, (_, i) => `screen-${i}`);
    await client.query(
      `INSERT INTO customer.identities (business_id, subject, customer_id)
       SELECT c.business_id, 'screen-' || right(c.code, 8)::int, c.customer_id FROM loyalty.cards c
        WHERE c.business_id = $1 AND right(c.code, 8)::int < $2`,
      [toUuid(shop.businessId), SCREENS],
    );
    const heardMs: number[] = [];
    const opened: string[] = [];
    const open = async (subject: string) => {
      const screen = await openScreen(edge.port, issuer.token(subject), (type, id) => {
        if (type === 'card.state') opened.push(subject);
        if (type === 'card.balance_changed') heardMs.push(Date.now() - timeOfId(id));
      });
      screens.push(screen);
    };
    // The code that serves them is there before it is weighed.
    await Promise.all(subjects.slice(0, OPENED_AT_ONCE).map(open));
    await pause(2_000);
    const before = rssMib(edge.pid);
    for (let i = OPENED_AT_ONCE; i < SCREENS; i += OPENED_AT_ONCE) {
      await Promise.all(subjects.slice(i, i + OPENED_AT_ONCE).map(open));
    }
    while (opened.length < SCREENS) await pause(20);
    const sales = (quick ? 5 : 20) * SALES_PER_SECOND;
    for (let i = 0; i < sales; i += 1) {
      const answer = await fetch(`http://127.0.0.1:${edge.port}${PURCHASE_PATH}`, {
        method: 'POST',
        headers: { Authorization: `Bearer ${shop.apiKey}`, 'Content-Type': 'application/json' },
        body: JSON.stringify({
          externalId: `screens/${i}`,
          storeId: shop.storeId,
          occurredAt: new Date().toISOString(),
          customer: { cardCode: cardCode((i * 37) % SCREENS) },
          currency: shop.currency,
          total: 450,
        }),
      });
      if (answer.status !== 202) throw new Error(`a sale was answered ${answer.status}`);
      await pause(1_000 / SALES_PER_SECOND);
    }
    while (heardMs.length < sales) await pause(20);
    const used = rssMib(edge.pid) - before;
    const p95 = heardMs.toSorted((a, b) => a - b)[Math.floor(heardMs.length * 0.95)] ?? NaN;
    tell(`${SCREENS} screens: ${used.toFixed(0)} MiB, p95 ${p95} ms`);
    return [
      limitLine({
        name: 'memory-screens',
        measured: 'memory of the edge for 1,000 open screens, beside its own',
        unit: ' MiB',
        ours: used,
        limit: MEMORY_BAR_MIB,
      }),
      limitLine({
        name: 'screens',
        measured: 'p95 from just before a commit to the customer’s screen, 1,000 of them open',
        unit: ' ms',
        ours: p95,
        limit: HEARD_BAR_MS,
      }),
    ];
  } finally {
    screens.forEach((screen) => screen.destroy());
    await Promise.all([edge.stop(), worker.stop(), relay.stop(), client.end()]);
    await issuer.stop();
  }
}

const issuerEnv = (env: NodeJS.ProcessEnv) =>
  Object.fromEntries(Object.entries(env).filter((entry) => entry[1] !== undefined)) as Record<
    string,
    string
  >;

/** Opens a screen and tells of each event on it. */
function openScreen(
  port: number,
  token: string,
  onEvent: (type: string, id: EventId) => void,
): Promise<{ destroy(): void }> {
  return new Promise((resolve, reject) => {
    const request = get(
      `http://127.0.0.1:${port}/v1/customer/events`,
      { headers: { Authorization: `Bearer ${token}` }, agent: false },
      (answer) => {
        if (answer.statusCode !== 200) return reject(new Error(`answered ${answer.statusCode}`));
        answer.setEncoding('utf8');
        let text = '';
        answer.on('data', (chunk: string) => {
          const blocks = (text + chunk).split('\n\n');
          text = blocks.pop() ?? '';
          for (const block of blocks) {
            const type = /^event: (.*)$/m.exec(block)?.[1];
            const id = /"id":"(evt_\w+)"/.exec(block)?.[1];
            if (type !== undefined) onEvent(type, (id ?? 'evt_') as EventId);
          }
        });
        answer.on('error', () => undefined);
        return resolve(request);
      },
    );
    request.on('error', reject);
  });
}

function rssMib(pid: number): number {
  const found = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
  return Number(found?.[1] ?? 0) / 1_024;
}
