import type { Fault } from './fault.ts';
import { outsideFaults } from './kinds/outside.ts';
import { postgresFaults } from './kinds/postgres.ts';
import { processFaults } from './kinds/processes.ts';
import { receiverFaults } from './kinds/receivers.ts';
import { redisFaults } from './kinds/redis.ts';
import { trafficFaults } from './kinds/traffic.ts';

/** Everything that is broken on purpose. */
export const faults: readonly Fault[] = [
  ...processFaults,
  ...redisFaults,
  ...postgresFaults,
  ...trafficFaults,
  ...outsideFaults,
  ...receiverFaults,
];
