import { join } from 'node:path';
import { startFauxqs } from 'fauxqs';
import { listenHere } from '../listen-here.ts';
import { letBrowsers } from './let-browsers.ts';

/* fauxqs as a process of its own, which takes whatever signature it is shown. */

const { HOST: host = '127.0.0.1', PORT: port = '4566', DATA: dir, BUCKET: bucket } = process.env;

listenHere(host);
letBrowsers();
await startFauxqs({
  port: Number(port),
  init: { buckets: [bucket ?? 'regulars'] },
  ...(dir && { dataDir: dir, s3StorageDir: join(dir, 'files') }),
});
console.log(JSON.stringify({ event: 'ready', port }));
