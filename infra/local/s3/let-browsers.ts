import { type IncomingMessage, Server, type ServerResponse } from 'node:http';

/**
 * Makes every HTTP server of this process answer browsers on other pages as a bucket's CORS rules do
 * (infra/README.md says which): fauxqs knows none, and no browser would upload to it.
 */
export function letBrowsers(): void {
  // oxlint-disable-next-line typescript/unbound-method -- called with its server below
  const emit = Server.prototype.emit;
  Server.prototype.emit = function emitForBrowsers(this: Server, ...args: unknown[]): boolean {
    if (args[0] === 'request' && answerPreflight(args[1] as IncomingMessage, args[2] as never)) {
      return true;
    }
    return Reflect.apply(emit, this, args) as boolean;
  } as typeof emit;
}

/** @returns whether that was all that was asked */
function answerPreflight({ method }: IncomingMessage, answer: ServerResponse): boolean {
  answer.setHeader('Access-Control-Allow-Origin', '*');
  if (method !== 'OPTIONS') return false;
  answer.setHeader('Access-Control-Allow-Methods', 'PUT, GET');
  answer.setHeader('Access-Control-Allow-Headers', 'content-type');
  answer.writeHead(200).end();
  return true;
}
