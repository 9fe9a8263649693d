import type { Logger } from 'pino';

const SHUTDOWN_LIMIT_MS = 25_000;

/**
 * Ends a process in order: on SIGTERM or SIGINT it runs `stop` and exits 0; on an exception that
 * nobody caught it logs and exits 1 at once, because its state can no longer be trusted and the
 * queue's stall recovery takes over. A stop that takes longer than 25 s is cut off.
 */
export function runUntilStopped(options: { log: Logger; stop: () => Promise<void> }): void {
  const { log } = options;
  let stopping = false;
  const exit = (code: number) => log.flush(() => process.exit(code));

  const stop = (signal: NodeJS.Signals) => {
    if (stopping) return;
    stopping = true;
    log.info({ event: 'stopping', signal }, 'stopping');
    setTimeout(() => {
      log.error('stopping took too long');
      exit(1);
    }, SHUTDOWN_LIMIT_MS).unref();
    void stopInOrder();
  };
  async function stopInOrder(): Promise<void> {
    try {
      await options.stop();
      log.info({ event: 'stopped' }, 'stopped');
      exit(0);
    } catch (error) {
      log.error({ err: error }, 'stopping failed');
      exit(1);
    }
  }
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
  for (const event of ['uncaughtException', 'unhandledRejection'] as const) {
    process.on(event, (error: unknown) => {
      log.fatal({ err: error, event }, 'nobody caught this');
      exit(1);
    });
  }
}
