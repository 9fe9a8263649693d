/** What a metric is called and what it says; see catalogue.ts. */
export interface MetricDefinition {
  kind: 'counter' | 'gauge' | 'histogram';
  /** Prometheus' conventions: snake_case, the unit last, `_total` for a counter. */
  name: string;
  help: string;
  /** Few values each, and never an id: every combination is a series that is kept and paid for. */
  labels: readonly string[];
  /** Upper bounds of a histogram's buckets, ascending, in the unit of its name. */
  buckets?: readonly number[];
}

/** One series. Hold on to it where it is used often: finding it costs more than counting. */
export interface Series {
  /** Adds to a counter or gauge. */
  add(amount?: number): void;
  /** Sets a gauge. */
  set(value: number): void;
  /** Notes a value in a histogram. */
  observe(value: number): void;
}

export interface Metric {
  /** The series with these label values, in the order of the definition. */
  of(...labels: readonly string[]): Series;
  /** Forgets all series, for gauges that are written anew whenever they are read. */
  clear(): void;
}

/** What a histogram has seen, as it is published: counts per bucket, not cumulative; the last is +Inf. */
export interface Distribution {
  bounds: readonly number[];
  counts: readonly number[];
}

export type Metrics<Name extends string> = Readonly<Record<Name, Metric>> & {
  /** Runs before each reading, to set gauges that cost something to know. */
  beforeReading(collect: () => Promise<void> | void): void;
  /** Everything as Prometheus reads it (text format 0.0.4). */
  text(): Promise<string>;
  /** Sum of a metric's series, of those whose labels begin so; a gauge's greatest. */
  total(name: Name, ...labels: readonly (string | RegExp)[]): number;
  /** Sum of a histogram's series whose labels begin so. */
  distribution(name: Name, ...labels: readonly string[]): Distribution;
  /** Waits for what `beforeReading` collects, for readers other than `text`. */
  refresh(): Promise<void>;
};

/**
 * Makes the metrics of a table. They are 150 lines of our own and not prom-client, which takes 10 to 20
 * MiB of an edge that has none to spare, and 0.5 µs to note what takes these 7 ns: see
 * decisions/0032-metrics-of-our-own.md.
 */
export function createMetrics<Name extends string>(
  definitions: Readonly<Record<Name, MetricDefinition>>,
): Metrics<Name> {
  const families = new Map<string, Family>();
  for (const [name, definition] of Object.entries<MetricDefinition>(definitions)) {
    families.set(name, new Family(definition));
  }
  const collectors: (() => Promise<void> | void)[] = [];
  const find = (name: string): Family => {
    const family = families.get(name);
    if (!family) throw new Error(`no metric ${name}`);
    return family;
  };
  async function refresh(): Promise<void> {
    // One that cannot be known right now must not hide the others.
    await Promise.allSettled(collectors.map(async (collect) => collect()));
  }
  return {
    ...(Object.fromEntries(families) as unknown as Record<Name, Metric>),
    beforeReading: (collect) => void collectors.push(collect),
    refresh,
    async text() {
      await refresh();
      return [...families.values()].map((family) => family.text()).join('');
    },
    total: (name, ...labels) => find(name).total(labels),
    distribution: (name, ...labels) => find(name).distribution(labels),
  };
}

/** All series of one metric. */
class Family implements Metric {
  readonly definition: MetricDefinition;
  readonly #bounds: readonly number[];
  readonly #series = new Map<string, Values>();

  constructor(definition: MetricDefinition) {
    this.definition = definition;
    this.#bounds = definition.buckets ?? [];
  }

  of(...labels: readonly string[]): Series {
    const key = labels.length === 1 ? (labels[0] ?? '') : labels.join('\n');
    let series = this.#series.get(key);
    if (!series) {
      const { name, labels: names } = this.definition;
      if (labels.length !== names.length) throw new Error(`${name} has labels ${names.join(', ')}`);
      series = new Values(labels, this.#bounds);
      this.#series.set(key, series);
    }
    return series;
  }

  clear(): void {
    this.#series.clear();
  }

  total(labels: readonly (string | RegExp)[]): number {
    const values = this.#matching(labels).map(({ value }) => value);
    if (this.definition.kind === 'gauge') return Math.max(0, ...values);
    return values.reduce((sum, value) => sum + value, 0);
  }

  distribution(labels: readonly string[]): Distribution {
    const matching = this.#matching(labels);
    const counts = Array.from({ length: this.#bounds.length + 1 }, (_, bucket) =>
      matching.reduce((sum, series) => sum + (series.counts[bucket] ?? 0), 0),
    );
    return { bounds: this.#bounds, counts };
  }

  #matching(labels: readonly (string | RegExp)[]): Values[] {
    const matches = (wanted: string | RegExp, value = '') =>
      typeof wanted === 'string' ? wanted === value : wanted.test(value);
    return [...this.#series.values()].filter((series) =>
      labels.every((wanted, i) => matches(wanted, series.labels[i])),
    );
  }

  text(): string {
    const { name, help, kind, labels } = this.definition;
    const lines = [`# HELP ${name} ${help}`, `# TYPE ${name} ${kind}`];
    // A metric without labels is there from the start, so that its first change is seen.
    if (labels.length === 0) this.of();
    for (const series of this.#series.values()) {
      const pairs = labels.map((label, i) => `${label}="${escaped(series.labels[i] ?? '')}"`);
      if (kind === 'histogram') lines.push(...this.#bucketLines(series, pairs));
      else lines.push(`${name}${braced(pairs)} ${series.value}`);
    }
    return `${lines.join('\n')}\n`;
  }

  #bucketLines(series: Values, pairs: readonly string[]): string[] {
    const { name } = this.definition;
    let count = 0;
    const buckets = [...this.#bounds, '+Inf'].map((bound, i) => {
      count += series.counts[i] ?? 0;
      return `${name}_bucket${braced([...pairs, `le="${bound}"`])} ${count}`;
    });
    const labels = braced(pairs);
    return [...buckets, `${name}_sum${labels} ${series.value}`, `${name}_count${labels} ${count}`];
  }
}

class Values implements Series {
  readonly labels: readonly string[];
  readonly #bounds: readonly number[];
  readonly counts: number[];
  /** Of a histogram: the sum. */
  value = 0;

  constructor(labels: readonly string[], bounds: readonly number[]) {
    this.labels = labels;
    this.#bounds = bounds;
    this.counts = bounds.length === 0 ? [] : Array.from({ length: bounds.length + 1 }, () => 0);
  }

  add(amount = 1): void {
    this.value += amount;
  }

  set(value: number): void {
    this.value = value;
  }

  observe(value: number): void {
    const bounds = this.#bounds;
    let bucket = 0;
    while (bucket < bounds.length && value > (bounds[bucket] ?? 0)) bucket += 1;
    this.counts[bucket] = (this.counts[bucket] ?? 0) + 1;
    this.value += value;
  }
}

function braced(pairs: readonly string[]): string {
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`;
}

function escaped(value: string): string {
  return value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
}
