import { Server } from 'node:net';
import { parseArgs } from 'node:util';
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

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '4566' },
    host: { type: 'string', default: '127.0.0.1' },
    dir: { type: 'string' },
    bucket: { type: 'string', default: 'regulars' },
  },
});
const { host } = values;

await startFauxqs({
  port: Number(values.port),
  init: { buckets: [values.bucket] },
  ...(values.dir && { dataDir: values.dir, s3StorageDir: `${values.dir}/files` }),
});
console.log(JSON.stringify({ event: 'ready', port: values.port }));
