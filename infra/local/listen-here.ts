import { Server } from 'node:net';

/** Makes every server of this process listen on one address, whatever it asks for: fauxqs wants all. */
export function listenHere(host: string): void {
  // oxlint-disable-next-line typescript/unbound-method -- called with its server below
  const listen = Server.prototype.listen;
  Server.prototype.listen = function listenOn(this: Server, ...args: unknown[]): Server {
    const [first] = args;
    const here = typeof first === 'object' && first !== null ? { ...first, host } : first;
    return Reflect.apply(listen, this, [here, ...args.slice(1)]) as Server;
  } as typeof listen;
}
