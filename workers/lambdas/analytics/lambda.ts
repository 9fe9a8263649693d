import { createLog } from '../../../infra/telemetry/log.ts';
import { startAnalytics } from './main.ts';

// What Lambda loads: connections are made once, and kept from batch to batch.
const log = createLog({ process: 'analytics', level: 'info' });
export const { handle: handler } = await startAnalytics(process.env, log);
