import { createServer, type Server } from 'node:net';

/** A free TCP port of 127.0.0.1. Take several with one `freePorts` call, or two may be equal. */
export async function freePort(): Promise<number> {
  const [port] = await freePorts(1);
  return port ?? 0;
}

/** `count` different free TCP ports of 127.0.0.1. */
export async function freePorts(count: number): Promise<number[]> {
  // All are held at once and released together: a port given back could be handed out again.
  const servers = await Promise.all(
    Array.from({ length: count }, () => listen({ port: 0, host: '127.0.0.1' })),
  );
  const ports = servers.map(portOf);
  await Promise.all(servers.map(close));
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

function portOf(server: Server): number {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The server has no port.');
  return address.port;
}
