/** One round of one side. */
export interface Round {
  perSecond: number;
  /** By role: edge, worker, redis, postgres, load. */
  cpuMsPerUnit: Readonly<Record<string, number>>;
  /** Anything else worth a median, by name. */
  also?: Readonly<Record<string, number>>;
}

export type Rounds<Side extends string> = Readonly<Record<Side, readonly Round[]>>;

/**
 * Runs the sides in turn (A B A B …), so that whatever else the machine is doing meets all alike.
 * The first turn warms up and is thrown away.
 */
export async function interleave<Side extends string>(
  count: number,
  sides: Readonly<Record<Side, (round: number) => Promise<Round>>>,
  tell: (text: string) => void,
): Promise<Rounds<Side>> {
  const names = Object.keys(sides) as Side[];
  const rounds = Object.fromEntries(names.map((name) => [name, []])) as unknown as Record<
    Side,
    Round[]
  >;
  for (let turn = 0; turn <= count; turn += 1) {
    for (const name of names) {
      const round = await sides[name](turn);
      if (turn > 0) rounds[name].push(round);
      const label = turn === 0 ? 'warm-up' : `round ${turn}`;
      tell(`${label}, ${name}: ${Math.round(round.perSecond)}/s`);
    }
  }
  return rounds;
}

export function medianOf(numbers: readonly number[]): number {
  const sorted = numbers.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const high = sorted[middle] ?? NaN;
  return sorted.length % 2 === 1 ? high : ((sorted[middle - 1] ?? NaN) + high) / 2;
}

export function medianRate(rounds: readonly Round[]): number {
  return medianOf(rounds.map((round) => round.perSecond));
}

/** Median of the ratios of neighbours in time, which share the machine's mood. */
export function medianRatio(ours: readonly Round[], peer: readonly Round[]): number {
  return medianOf(ours.map((round, i) => round.perSecond / (peer[i]?.perSecond ?? NaN)));
}

/** Medians of the CPU time per unit, by role. */
export function medianCpu(rounds: readonly Round[]): Record<string, number> {
  return medians(rounds.map((round) => round.cpuMsPerUnit));
}

export function medianAlso(rounds: readonly Round[]): Record<string, number> {
  return medians(rounds.map((round) => round.also ?? {}));
}

function medians(records: readonly Readonly<Record<string, number>>[]): Record<string, number> {
  const names = new Set(records.flatMap((record) => Object.keys(record)));
  return Object.fromEntries(
    [...names].map((name) => [name, medianOf(records.map((record) => record[name] ?? 0))]),
  );
}
