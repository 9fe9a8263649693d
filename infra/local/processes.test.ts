import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { until } from '../../tests/until.ts';
import { readPidFile } from './pid-file.ts';
import { startProcesses } from './processes.ts';

const servesForever = `console.log('{"event":"ready"}'); setInterval(() => {}, 1000);`;
const failsAtOnce = `console.error('no database'); process.exit(3);`;

let root = '';

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'regulars-processes-'));
  writeFileSync(join(root, 'good.mjs'), servesForever);
  writeFileSync(join(root, 'bad.mjs'), failsAtOnce);
  writeFileSync(join(root, 'Procfile'), 'good: node good.mjs\nbad: node bad.mjs');
});

afterEach(() => rmSync(root, { recursive: true, force: true }));

function start({ names, restart }: { names: readonly string[]; restart: boolean }) {
  return startProcesses({ root, names, env: process.env, dir: root, restart });
}

test('a killed process is started again under a new id', async () => {
  const { good } = await start({ names: ['good'], restart: true });
  const before = good?.pid;
  await good?.kill('SIGKILL');
  await good?.whenReady();
  expect(good?.pid).not.toBe(before);
  await good?.stop();
});

test('without restarts a killed process stays down until it is started', async () => {
  const { good } = await start({ names: ['good'], restart: false });
  await good?.kill('SIGKILL');
  expect(good?.pid).toBeUndefined();
  await good?.start();
  expect(good?.ready).toBe(true);
  await good?.stop();
});

test('stop ends even a halted process and leaves nothing running', async () => {
  const { good, 'good-2': twin } = await start({ names: ['good', 'good'], restart: true });
  const exits = Promise.all([good?.exited, twin?.exited]);
  await good?.kill('SIGSTOP');
  await Promise.all([good?.stop(), twin?.stop()]);
  const ended = { code: null, signal: 'SIGTERM' };
  expect(await exits).toEqual([ended, ended]);
  expect([good?.pid, twin?.pid]).toEqual([undefined, undefined]);
});

test('a failing start shows the log and stops its companions', async () => {
  const failure = start({ names: ['good', 'bad'], restart: true });
  await expect(failure).rejects.toThrow(
    /bad ended before it was ready.*exit code 3[^]*no database/,
  );
  expect(readPidFile(join(root, 'pids', 'good.pid')).pid).toBeUndefined();
});

test('the processes of a killed launcher end with it', async () => {
  const library = JSON.stringify(new URL('./processes.ts', import.meta.url).href);
  const options = JSON.stringify({ root, names: ['good'], dir: root, restart: true });
  writeFileSync(
    join(root, 'launcher.mjs'),
    `import { startProcesses } from ${library};
     await startProcesses({ ...${options}, env: process.env });
     console.log('up');
     setInterval(() => {}, 1000);`,
  );
  const launcher = spawn(process.execPath, [join(root, 'launcher.mjs')], { stdio: 'pipe' });
  await once(launcher.stdout, 'data');
  const pidFile = join(root, 'pids', 'good.pid');
  expect(readPidFile(pidFile).pid).toBeDefined();
  launcher.kill('SIGKILL');
  await until('it has ended as well', () => readPidFile(pidFile).pid === undefined);
});
