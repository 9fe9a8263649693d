import type { Instant } from '../values/time.ts';

/** A version's place in time. */
export interface VersionWindow {
  number: number;
  from: Instant;
  to: Instant | null;
}

/** Where the new version stands, and which earlier windows end when it begins. */
export type Publication =
  | { kind: 'publish'; number: number; from: Instant; closes: { number: number; to: Instant }[] }
  | { kind: 'refused'; code: 'from-in-past' };

/**
 * Places a new version behind the ones there are. It takes over from all of them at `from`: the live
 * one ends there, and one that had not begun by then never will. Only a first version may begin in
 * the past, because no sale was judged otherwise.
 */
export function planPublication(
  versions: readonly VersionWindow[],
  wish: { from: Instant | null; now: Instant },
): Publication {
  const from = wish.from ?? wish.now;
  if (versions.length > 0 && from < wish.now) return { kind: 'refused', code: 'from-in-past' };
  return {
    kind: 'publish',
    number: Math.max(0, ...versions.map(({ number }) => number)) + 1,
    from,
    closes: versions
      .filter(({ to }) => to === null || to > from)
      .map((version) => ({ number: version.number, to: Math.max(from, version.from) })),
  };
}
