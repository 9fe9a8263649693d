import ipaddr from 'ipaddr.js';

/** Public by ipaddr.js, and yet ways to somebody's inside: IPv4 addresses in other clothes. */
const DISGUISES = [
  // NAT64 with a prefix of the network's own.
  '64:ff9b:1::/48',
  // IPv4-compatible, long abandoned.
  '::/96',
].map((range) => ipaddr.IPv6.parseCIDR(range));
const PORTS = new Set(['', '443', '8443']);
/** Names that mean this machine or this network, wherever they are asked for. */
const INSIDE = /(^|\.)(localhost|local|internal|intranet|lan|home|corp|home\.arpa)$/;

/** Whether an address is one of the public Internet's. @param address IPv4 or IPv6, as text */
export function isPublicAddress(address: string): boolean {
  if (!ipaddr.isValid(address)) return false;
  const parsed = ipaddr.parse(address);
  if (parsed.range() !== 'unicast') return false;
  return !(parsed instanceof ipaddr.IPv6 && DISGUISES.some((range) => parsed.match(range)));
}

/**
 * What speaks against sending to a URL, as far as it can be told from its text; undefined when nothing
 * does. What its name leads to is looked at each time, when the connection is made.
 * @param options.allowPrivate for the stack on one's own machine: any address, any port, http too
 */
export function refusalOfUrl(
  text: string,
  { allowPrivate }: { allowPrivate: boolean },
): string | undefined {
  const url = URL.parse(text);
  if (!url) return 'It is no URL.';
  if (url.username !== '' || url.password !== '') return 'It must not hold a user or a password.';
  if (url.hash !== '') return 'It must not have a fragment, which is never sent.';
  if (allowPrivate) {
    return /^https?:$/.test(url.protocol) ? undefined : 'It must begin with http or https.';
  }
  if (url.protocol !== 'https:') return 'It must begin with https.';
  if (!PORTS.has(url.port)) return 'Its port must be 443 or 8443.';
  // URLs spell addresses in many ways (0x7f.1); the parser has made them one.
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1').replace(/\.$/, '');
  if (ipaddr.isValid(host)) return isPublicAddress(host) ? undefined : NOT_PUBLIC;
  return !host.includes('.') || INSIDE.test(host) ? NOT_PUBLIC : undefined;
}

const NOT_PUBLIC = 'Its address must be one of the public Internet.';
