import { Server } from 'node:net';
import { join } from 'node:path';
import { startFauxqs } from 'fauxqs';

/*
 * fauxqs as a process of its own, with what it leaves out: it would listen on every address of this
 * machine, and it takes whatever signature it is shown.
 */

// oxlint-disable-next-line typescript/unbound-method -- called with its server below
const listen = Server.prototype.listen;
Server.prototype.listen = function listenHere(this: Server, ...args: unknown[]): Server {
  const [first] = args;
  const here = typeof first === 'object' && first !== null ? { ...first, host } : first;
  return Reflect.apply(listen, this, [here, ...args.slice(1)]) as Server;
} as typeof listen;

const { HOST: host = '127.0.0.1', PORT: port = '4566', DATA: dir, BUCKET: bucket } = process.env;

await startFauxqs({
  port: Number(port),
  init: { buckets: [bucket ?? 'regulars'] },
  ...(dir && { dataDir: dir, s3StorageDir: join(dir, 'files') }),
});
console.log(JSON.stringify({ event: 'ready', port }));
