import { Client } from 'pg';
import type { Logger } from 'pino';

/** The channel that a commit with new facts notifies. */
export const OUTBOX_CHANNEL = 'outbox';

const RECONNECT_MS = 1_000;

/**
 * Keeps one connection that listens; while it is away the relay's own polling carries on.
 * @param listeners by channel; called with an empty payload when something may have been missed
 */
export function listen(
  options: { url: string; log: Logger },
  listeners: Readonly<Record<string, (payload: string) => void>>,
) {
  const channels = Object.keys(listeners);
  let client: Client | undefined;
  let timer: NodeJS.Timeout | undefined;
  let closed = false;

  function retry(): void {
    client = undefined;
    if (!closed) timer ??= setTimeout(connect, RECONNECT_MS);
  }

  function connect(): void {
    timer = undefined;
    const next = new Client({
      connectionString: options.url,
      application_name: 'relay-listen',
      keepAlive: true,
    });
    client = next;
    next.on('error', (error) => options.log.warn({ reason: error.message }, 'listener lost'));
    next.on('end', retry);
    next.on('notification', ({ channel, payload }) => listeners[channel]?.(payload ?? ''));
    next
      .connect()
      .then(() => next.query(channels.map((channel) => `LISTEN ${channel}`).join('; ')))
      .then(
        () => channels.forEach((channel) => listeners[channel]?.('')),
        (error: unknown) => {
          options.log.warn({ err: error }, 'cannot listen');
          retry();
        },
      );
  }
  connect();
  return {
    async close() {
      closed = true;
      clearTimeout(timer);
      await client?.end();
    },
  };
}
