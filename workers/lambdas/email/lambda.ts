import { createLog } from '../../../infra/telemetry/log.ts';
import { startEmail } from './main.ts';

// What Lambda loads: connections are made once, and kept from batch to batch.
const log = createLog({ process: 'email', level: 'info' });
export const { handle: handler } = await startEmail(process.env, log);
