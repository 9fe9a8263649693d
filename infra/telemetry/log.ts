import pino, { type Logger } from 'pino';

/**
 * The process's log: JSON lines on stdout, written in the background in blocks of 4 KiB. Never give
 * it bodies, headers or queries: they hold keys and personal data.
 */
export function createLog(options: { process: string; level: string }): Logger {
  return pino(
    {
      level: options.level,
      base: { process: options.process },
      timestamp: pino.stdTimeFunctions.isoTime,
      redact: ['req.headers.authorization', 'req.headers.cookie'],
    },
    pino.destination({ dest: 1, sync: false, minLength: 4_096 }),
  );
}
