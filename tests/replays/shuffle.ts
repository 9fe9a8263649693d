const SHUFFLE_SEED = 20_240_301;

/** Fisher-Yates with a small fixed generator (mulberry32): the same order on every run. */
export function shuffle<Item>(items: readonly Item[]): Item[] {
  const shuffled = [...items];
  let state = SHUFFLE_SEED;
  const random = () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
  for (let i = shuffled.length - 1; i > 0; i -= 1) {
    const j = Math.floor(random() * (i + 1));
    [shuffled[i], shuffled[j]] = [shuffled[j]!, shuffled[i]!];
  }
  return shuffled;
}
