import type { OnProgress } from './progress.ts';

/** A business to play with, and what was replayed through its POS API. */
export type Demo = {
  /** A POS key (`rk_…`) of the demo business. */
  readonly apiKey: string;
  readonly businessId: string;
  readonly storeIds: readonly string[];
  readonly programs: readonly {
    readonly id: string;
    readonly unit: string;
    readonly name: string;
  }[];
  readonly cards: readonly { readonly id: string; readonly code: string }[];
  /** What went through the API, for people to read. */
  readonly replayed: Readonly<Record<string, number | string>>;
};

export type PrepareDemoOptions = {
  /** Database as its owner, for what has no API yet. */
  readonly ownerUrl: string;
  readonly edgeUrl: string;
  /** Where it may keep what the next start needs: a key's secret is shown only once. */
  readonly dir: string;
  readonly onProgress: OnProgress;
  /** Aborting gives the replay up. */
  readonly signal: AbortSignal;
};

/**
 * Seeds the demo business, unless an earlier start has, and replays a slice of real shop sales.
 *
 * @throws Error when the API refuses what it should accept
 */
export async function prepareDemo(_options: PrepareDemoOptions): Promise<Demo> {
  throw new Error('The demo business is not written yet.');
}
