import { setTimeout as pause } from 'node:timers/promises';

/** What a probe returns while the state is not there yet. */
type NotYet = undefined | false | null;

/**
 * Waits for a state: asks `probe` again and again until it answers with something.
 *
 * @param what the state, for the message of the test that fails
 * @throws Error when the state has not come in `timeoutMs` (60 s unless said otherwise)
 */
export async function until<T>(
  what: string,
  probe: () => T | NotYet | Promise<T | NotYet>,
  { timeoutMs = 60_000, everyMs = 20 }: { timeoutMs?: number; everyMs?: number } = {},
): Promise<T> {
  const deadlineMs = Date.now() + timeoutMs;
  for (;;) {
    const found = await probe();
    if (found !== undefined && found !== false && found !== null) return found;
    if (Date.now() > deadlineMs) throw new Error(`not within ${timeoutMs} ms: ${what}`);
    await pause(everyMs);
  }
}
