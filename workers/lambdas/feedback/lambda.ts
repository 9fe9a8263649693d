import { createLog } from '../../../infra/telemetry/log.ts';
import { startFeedback } from './main.ts';

// What Lambda loads: connections are made once, and kept from batch to batch.
const log = createLog({ process: 'feedback', level: 'info' });
export const { handle: handler } = await startFeedback(process.env, log);
