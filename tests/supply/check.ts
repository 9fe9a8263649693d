import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../tools.ts';
import { findSupplyFaults, type Lockfile, type Manifest } from './faults.ts';

/** `npm run check:supply`: only what was chosen gets installed. */
const read = (name: string): unknown => JSON.parse(readFileSync(join(root, name), 'utf8'));
const faults = findSupplyFaults(
  read('package.json') as Manifest,
  read('package-lock.json') as Lockfile,
);
for (const fault of faults) console.error(fault);
process.exitCode = faults.length === 0 ? 0 : 1;
