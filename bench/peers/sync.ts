/**
 * Runs the synchronous route in as many processes as the product has for the same work, edge and
 * worker, so that neither side has a core that the other has not.
 */
import cluster from 'node:cluster';
import { join } from 'node:path';
import { announceReady, setting } from './peer.ts';

const processes = Number(setting('PROCESSES'));
let listening = 0;
cluster.setupPrimary({ exec: join(import.meta.dirname, 'sync-route.ts') });
for (let i = 0; i < processes; i += 1) {
  cluster.fork().on('message', () => {
    listening += 1;
    if (listening === processes) announceReady();
  });
}
