const SAMPLE_MS = 50;
/** Weight of the newest sample: one pause is not yet an overload, a second of them is. */
const WEIGHT = 0.3;

/**
 * How late this process does what is due, in milliseconds, as a moving average: what waits in line when
 * more arrives than one thread can do.
 */
export function watchLoopDelay(): { delayMs: () => number } {
  let average = 0;
  let due = performance.now() + SAMPLE_MS;
  setInterval(() => {
    const now = performance.now();
    average += WEIGHT * (Math.max(0, now - due) - average);
    due = now + SAMPLE_MS;
  }, SAMPLE_MS).unref();
  return { delayMs: () => average };
}
