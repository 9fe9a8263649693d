import { Resolver } from 'node:dns/promises';
import { isIP, type LookupFunction } from 'node:net';
import { buildConnector } from 'undici';
import { isPublicAddress } from './receiver-address.ts';

/** The addresses that a name has right now. */
export type Resolve = (hostname: string) => Promise<readonly { address: string; family: 4 | 6 }[]>;

/** A receiver's address is none of the public Internet's. */
export class ForbiddenAddressError extends Error {}

/**
 * Connects to receivers, whose addresses are looked at as the connection is made: a name that leads
 * elsewhere by then (DNS rebinding) gets none.
 */
export function createConnector(options: {
  /** For the stack on one's own machine: any address. */
  allowPrivate: boolean;
  timeoutMs: number;
  /** Stands in for DNS in tests. */
  resolve?: Resolve | undefined;
}): buildConnector.connector {
  const { allowPrivate, timeoutMs } = options;
  const lookup = createLookup(options.resolve ?? createResolver(), { allowPrivate });
  const connect = buildConnector({ timeout: timeoutMs, lookup });
  return (receiver, end) => {
    const { hostname } = receiver;
    // An address in the URL is not looked up. It was refused before; once more, should that be gone around.
    if (!allowPrivate && isIP(hostname) !== 0 && !isPublicAddress(hostname)) {
      queueMicrotask(() => end(new ForbiddenAddressError(hostname), null));
    } else {
      connect(receiver, end);
    }
  };
}

/**
 * Asks DNS itself. The system's look-up runs on four threads, so four receivers whose name servers
 * do not answer would keep all others waiting.
 */
function createResolver(): Resolve {
  const resolver = new Resolver({ timeout: 2_000, tries: 2 });
  return async (hostname) => {
    const answers = await Promise.allSettled([
      resolver.resolve4(hostname).then((found) => found.map((address) => of(address, 4))),
      resolver.resolve6(hostname).then((found) => found.map((address) => of(address, 6))),
    ]);
    return answers.flatMap((answer) => (answer.status === 'fulfilled' ? answer.value : []));
  };
}

const of = (address: string, family: 4 | 6) => ({ address, family });

/** Looks a name up as it is connected to. A name with one address inside is not connected to at all. */
function createLookup(
  resolve: Resolve,
  { allowPrivate }: { allowPrivate: boolean },
): LookupFunction {
  async function find(hostname: string) {
    const found = await resolve(hostname);
    const [first] = found;
    if (!first) throw new Error(`no address for ${hostname}`);
    if (!allowPrivate && !found.every(({ address }) => isPublicAddress(address))) {
      throw new ForbiddenAddressError(hostname);
    }
    return { first, found };
  }
  return (hostname, options, end) => {
    find(hostname).then(
      ({ first, found }) =>
        options.all ? end(null, [...found]) : end(null, first.address, first.family),
      (error: Error) => end(error, []),
    );
  };
}
