import { randomInt } from 'node:crypto';
import { createServer, type Server } from 'node:net';

/**
 * Below what systems give to outgoing connections: one of those could else get a port between our
 * choosing it and its server's listening, or while its server starts again.
 */
const RANGE = { first: 10_000, count: 20_000 };
/** More than a process chooses. */
const SHARE = 100;
/**
 * Where this process goes on: in a share of its own, so that two that choose at once choose apart. A
 * port that was chosen looks free until its server listens, which takes seconds.
 */
let next = (process.pid % (RANGE.count / SHARE)) * SHARE + randomInt(SHARE / 2);

/** A free TCP port of 127.0.0.1, which this process chooses only once. */
export async function freePort(): Promise<number> {
  for (let tries = 0; tries < RANGE.count; tries += 1) {
    const port = RANGE.first + next;
    next = (next + 1) % RANGE.count;
    if (await isPortFree(port)) return port;
  }
  throw new Error(`No port from ${RANGE.first} to ${RANGE.first + RANGE.count - 1} is free.`);
}

/** `count` different free TCP ports of 127.0.0.1. */
export async function freePorts(count: number): Promise<number[]> {
  const ports: number[] = [];
  while (ports.length < count) ports.push(await freePort());
  return ports;
}

/**
 * A port for every name: the wanted one when it is free, else any free one.
 *
 * @param wanted port per name; undefined means that any will do
 */
export async function choosePorts<Name extends string>(
  wanted: Readonly<Record<Name, number | undefined>>,
): Promise<Record<Name, number>> {
  const names = Object.keys(wanted) as Name[];
  const spare = await freePorts(names.length);
  const chosen = await Promise.all(
    names.map(async (name, index): Promise<[Name, number]> => {
      const port = wanted[name];
      const free = port !== undefined && (await isPortFree(port));
      return [name, free ? port : (spare[index] ?? 0)];
    }),
  );
  return Object.fromEntries(chosen) as Record<Name, number>;
}

/** Whether nobody listens on this TCP port of this machine and we may. */
export async function isPortFree(port: number): Promise<boolean> {
  // Both addresses: macOS lets 127.0.0.1 be taken beside a listener on all addresses.
  for (const host of ['127.0.0.1', '0.0.0.0']) {
    try {
      await close(await listen({ port, host }));
    } catch (error) {
      if (isTaken(error)) return false;
      throw error;
    }
  }
  return true;
}

function isTaken(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return code === 'EADDRINUSE' || code === 'EACCES';
}

function listen(address: { readonly port: number; readonly host: string }): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(address, () => resolve(server));
  });
}

function close(server: Server): Promise<void> {
  return new Promise((resolve, reject) => {
    server.close((error) => (error === undefined ? resolve() : reject(error)));
  });
}
