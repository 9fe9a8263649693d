/**
 * `node infra/local/bootstrap.mjs <script.ts> [arguments]`: makes sure that this machine has what
 * the project needs, then runs the script with Node 24. It is plain JavaScript without imports
 * from npm, because it runs on the Node that happens to be there, before anything is installed.
 * When all is there already it costs the third of a second that bundling the processes takes.
 */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { findChromium } from './find-chromium.mjs';
import { findRedis } from './find-redis.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const modules = join(root, 'node_modules');
const stampFile = join(modules, '.regulars-lock');
const installLock = join(root, '.local', 'installing.pid');
/** Nobody installs for so long: a lock that is older was left behind. */
const LONGEST_INSTALL_MS = 30 * 60_000;
const neededNode = 24;

/** Something is missing that only the user can mend; the message says how. */
class Missing extends Error {}

async function main([script, ...args]) {
  if (script === undefined) throw new Missing('Usage: node bootstrap.mjs <script.ts> [arguments]');
  // Beside each other: one waits for npm's registry, the other for Debian's.
  await Promise.all([
    isStamped() || alone(installModules),
    installSystemPackages({ browser: needsBrowser(script, args) }),
  ]);
  // Not before: the bundler is one of the packages.
  const { buildClients, buildProcesses } = await import('../build/build.mjs');
  await Promise.all([buildProcesses(), buildClients()]);
  run(findNode(), [join(root, script), ...args]);
}

function hashOfLock() {
  return createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex');
}

/** Whether an earlier run has found or made everything as the lock file says. */
function isStamped() {
  return existsSync(stampFile) && readFileSync(stampFile, 'utf8') === hashOfLock();
}

async function installModules() {
  if (isStamped()) return;
  if (!isInstalled(JSON.parse(readFileSync(join(root, 'package-lock.json'))))) {
    // Tests and the local stack are development tools, whatever NODE_ENV or .npmrc say.
    const flags = ['--include=dev', '--include=optional', '--no-audit', '--no-fund'];
    await showProgress('Installing npm packages', 'npm', ['ci', ...flags, '--loglevel=error']);
  }
  writeFileSync(stampFile, hashOfLock());
}

/** One at a time: `npm ci` begins by removing what another run in this folder is installing. */
async function alone(work) {
  mkdirSync(dirname(installLock), { recursive: true });
  while (!takeLock()) await delay(500);
  try {
    await work();
  } finally {
    rmSync(installLock, { force: true });
  }
}

function takeLock() {
  try {
    writeFileSync(installLock, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
  }
  if (!isHeld()) rmSync(installLock, { force: true });
  return false;
}

/** Whether whoever took the lock is still there. */
function isHeld() {
  try {
    if (Date.now() - statSync(installLock).mtimeMs > LONGEST_INSTALL_MS) return false;
    const pid = Number(readFileSync(installLock, 'utf8'));
    // It has made its file and not written into it yet.
    if (pid === 0) return true;
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

/** Whether npm's own record of what it installed agrees with the lock file. */
function isInstalled(lock) {
  const recordFile = join(modules, '.package-lock.json');
  if (!existsSync(recordFile)) return false;
  const { packages: installed } = JSON.parse(readFileSync(recordFile));
  return Object.entries(lock.packages).every(
    // The entry without a name is the project itself; other platforms' packages are left out.
    ([path, { version, optional }]) =>
      path === '' || (installed[path] ? installed[path].version === version : optional === true),
  );
}

/** Redis for everything, Chromium for the tests that drive one. */
async function installSystemPackages({ browser }) {
  const needsRedis = !process.env.REDIS_URL && !findRedis();
  const canInstall = process.getuid?.() === 0 && existsSync('/usr/bin/apt-get');
  if (needsRedis && !canInstall) throw noRedis();
  if (needsRedis) {
    await aptInstall('redis-tools');
    if (!findRedis()) throw noRedis();
  }
  if (!browser || !canInstall || findChromium()) return;
  try {
    await aptInstall('chromium');
  } catch (error) {
    // Without a browser its tests are skipped, and say so.
    console.error(error.message);
  }
}

/** Waits for whoever else has apt at the moment: a machine that has just started, or another run. */
function aptInstall(name) {
  const script = `patiently() {
      tries=0
      until said=$("$@" 2>&1); do
        tries=$((tries + 1))
        case $said in *'get lock'*) [ $tries -lt 300 ] && sleep 2 && continue ;; esac
        echo "$said"; return 1
      done
    }
    patiently apt-get -o Acquire::Retries=3 update &&
    patiently apt-get -o Acquire::Retries=3 install -y --no-install-recommends ${name}`;
  return showProgress(`Installing ${name} (apt-get)`, '/bin/sh', ['-c', script]);
}

/** Whether these are tests, and those with a browser among them. */
function needsBrowser(script, args) {
  if (script !== 'tests/run.ts') return false;
  const paths = args.filter((arg) => !arg.startsWith('-'));
  return paths.length === 0 || paths.some((path) => path.includes('browser'));
}

function noRedis() {
  const commands = {
    macOS: 'brew install redis',
    'Debian, Ubuntu': 'sudo apt-get install -y --no-install-recommends redis-tools',
    Fedora: 'sudo dnf install -y valkey',
    Alpine: 'apk add valkey',
  };
  const here = process.platform === 'darwin' ? 'macOS' : systemName();
  const command = commands[here];
  const advice = command
    ? `Run: ${command}`
    : 'Install redis-server (or valkey-server) 7.0 or later.';
  return new Missing(
    `Redis is missing, and it can be installed for you only by root on Debian. ${advice}\n` +
      'Or set REDIS_URL to a Redis of your own (maxmemory-policy noeviction).',
  );
}

function systemName() {
  if (existsSync('/usr/bin/apt-get')) return 'Debian, Ubuntu';
  if (existsSync('/usr/bin/dnf')) return 'Fedora';
  return existsSync('/sbin/apk') ? 'Alpine' : 'unknown';
}

/** Runs a long command quietly, with a line that says what happens; its output only if it fails. */
function showProgress(what, file, args) {
  const startedAtMs = Date.now();
  const seconds = () => Math.round((Date.now() - startedAtMs) / 1000);
  const isTerminal = process.stderr.isTTY;
  const show = () => process.stderr.write(`\r${what} … ${seconds()} s`);
  process.stderr.write(isTerminal ? '' : `${what} …\n`);
  const ticking = isTerminal ? setInterval(show, 1000) : undefined;
  const environment = { ...process.env, DEBIAN_FRONTEND: 'noninteractive', LC_ALL: 'C' };
  const child = spawn(file, args, {
    cwd: root,
    env: environment,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const forward = (signal) => child.kill(signal);
  process.once('SIGTERM', forward);
  let output = '';
  child.stdout.on('data', (chunk) => (output += chunk));
  child.stderr.on('data', (chunk) => (output += chunk));
  return new Promise((resolve, reject) => {
    const finish = (problem) => {
      clearInterval(ticking);
      process.off('SIGTERM', forward);
      process.stderr.write(
        `${isTerminal ? '\r' : ''}${what}: ${problem ?? 'done'}, ${seconds()} s\n`,
      );
      if (problem === undefined) resolve();
      else reject(new Missing(`${output.trim()}\nThis failed: ${[file, ...args].join(' ')}`));
    };
    child.once('error', (error) => finish(error.code === 'ENOENT' ? `no ${file}` : error.message));
    child.once('close', (code, signal) => {
      if (signal) finish(signal);
      else finish(code === 0 ? undefined : `exit code ${code}`);
    });
  });
}

function findNode() {
  const own = join(modules, '.bin', 'node');
  if (existsSync(own)) return own;
  if (Number.parseInt(process.versions.node, 10) >= neededNode) return process.execPath;
  throw new Missing(
    `This needs Node ${neededNode} or later; here is ${process.version}, and npm has no build of` +
      ` Node ${neededNode} for ${process.platform} ${process.arch}. Install it from` +
      ' https://nodejs.org and run the command again.',
  );
}

/** Runs the script in this process's place: same terminal, same signals, same exit code. */
function run(node, args) {
  // The channel tells the script when this process was killed, so that it can stop as well.
  const child = spawn(node, args, { stdio: ['inherit', 'inherit', 'inherit', 'ipc'] });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.on(signal, () => child.kill(signal));
  }
  if (process.env.npm_lifecycle_event) whenOrphaned(() => child.kill('SIGTERM'));
  child.once('error', (error) => fail(new Missing(`${node} cannot be run: ${error.message}`)));
  child.once('exit', (code, signal) => {
    process.exitCode = code ?? (signal === 'SIGINT' ? 130 : 1);
    if (child.connected) child.disconnect();
  });
}

/**
 * npm runs scripts through a shell that keeps a request to end to itself: it dies and tells its
 * child nothing. The child notices only that it has another parent.
 */
function whenOrphaned(stop) {
  const parent = process.ppid;
  const watch = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(watch);
    stop();
  }, 300);
  watch.unref();
}

function fail(error) {
  console.error(error instanceof Missing ? error.message : error);
  process.exitCode = 1;
}

await main(process.argv.slice(2)).catch(fail);
