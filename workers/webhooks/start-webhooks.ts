import type { EndpointTarget } from '../../domain/webhooks/webhook-books.ts';

export interface WebhooksOptions {
  /** Endpoints with something due. */
  findDue: (at: number, limit: number) => Promise<readonly EndpointTarget[]>;
  /** Gives endpoints their turn, unless they have it. */
  wake: (targets: readonly EndpointTarget[]) => Promise<void>;
  /** Calls back with endpoints that were just given something to send. */
  onNews: (listener: (targets: readonly EndpointTarget[]) => void) => void;
  /** Finds what was not told of: the next try of a delivery, and what a process that died left. */
  pollMs: number;
  now: () => number;
  onError: (error: unknown) => void;
}

/** Endpoints found in one look; the next finds the others. */
const AT_ONCE = 500;

/** Sees to it that every endpoint gets its turn when something is due. @returns stop */
export function startWebhooks(options: WebhooksOptions): { stop: () => Promise<void> } {
  const { findDue, wake, now, onError } = options;
  const stopping = new AbortController();
  const { signal } = stopping;
  let end = () => undefined as void;
  options.onNews((targets) => {
    if (!signal.aborted) wake(targets).catch(onError);
  });

  async function run(): Promise<void> {
    while (!signal.aborted) {
      try {
        await wake(await findDue(now(), AT_ONCE));
      } catch (error) {
        onError(error);
      }
      if (signal.aborted) return;
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, options.pollMs);
        end = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  }
  const running = run();
  return {
    async stop() {
      stopping.abort();
      end();
      await running;
    },
  };
}
