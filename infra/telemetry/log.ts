import pino, { type Logger } from 'pino';

const FLUSH_MS = 1_000;

/**
 * The process's log: JSON lines on stdout, written in the background in blocks of 4 KiB, or each second. Never give
 * it bodies, headers or queries: they hold keys and personal data.
 */
export function createLog(options: { process: string; level: string }): Logger {
  const log = pino(
    {
      level: options.level,
      base: { process: options.process },
      timestamp: pino.stdTimeFunctions.isoTime,
      serializers: { err: describeError },
    },
    pino.destination({ dest: 1, sync: false, minLength: 4_096 }),
  );
  // On a quiet day a block takes hours to fill.
  setInterval(() => log.flush(), FLUSH_MS).unref();
  return log;
}

/**
 * What a log keeps of an error. Not all its fields, as pino would by itself: a database error's
 * `sql`, `detail` and `parameters` hold the phone that was looked up.
 */
function describeError(error: unknown): unknown {
  if (!(error instanceof Error)) return { message: String(error) };
  const { name, message, stack, cause } = error;
  const { code, constraint, table } = error as Error & Partial<Record<string, unknown>>;
  return {
    type: name,
    message,
    stack,
    ...(code !== undefined && { code }),
    ...(constraint !== undefined && { constraint, table }),
    ...(cause !== undefined && { cause: describeError(cause) }),
  };
}
