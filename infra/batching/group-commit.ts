import DataLoader from 'dataloader';

/**
 * Makes one call out of many (the group commit of databases): while a call is under way, those who
 * come wait and go together with the next. Alone, nobody waits; under load each round trip and each
 * write to a socket serves more of them, so that the machine does less per request, not more.
 *
 * @param call does all at once; resolves to one result (or Error) per item, in order
 * @param options.gatherMs how long the first of a call waits for company, where nobody waits for the
 *   answer: fewer and larger calls; 0 unless said otherwise
 * @returns a function for one item; it rejects with the item's own Error, or when its call, or the
 *   one it waited for, failed
 */
export function groupCommit<Item, Result>(
  call: (items: readonly Item[]) => Promise<readonly (Result | Error)[]>,
  options: { maxItems: number; gatherMs?: number },
): (item: Item) => Promise<Result> {
  /** The call under way; resolves, when it has ended, to what it failed with. */
  let underWay: Promise<Error | undefined> | undefined;
  /** What the call that this one waited for failed with. */
  let failureAhead: Error | undefined;
  const { gatherMs = 0 } = options;

  const loader = new DataLoader<Item, Result>(
    (items) => {
      if (failureAhead) return Promise.reject(failureAhead);
      const answer = call(items);
      underWay = endOf(answer);
      return answer;
    },
    {
      cache: false,
      maxBatchSize: options.maxItems,
      batchScheduleFn: (go) => {
        if (gatherMs > 0) setTimeout(goNext, gatherMs, go);
        else if (underWay) goNext(go);
        else setImmediate(go);
      },
    },
  );

  function goNext(go: () => void): void {
    if (underWay) void goAfter(underWay, go);
    else go();
  }

  async function endOf(answer: Promise<unknown>): Promise<Error | undefined> {
    try {
      await answer;
      return undefined;
    } catch (error) {
      return error instanceof Error ? error : new Error(String(error));
    } finally {
      underWay = undefined;
    }
  }

  /**
   * Who waited behind a call that failed fails with it: on a store that hangs each would otherwise
   * wait for the time-out twice.
   */
  async function goAfter(ahead: Promise<Error | undefined>, go: () => void): Promise<void> {
    failureAhead = await ahead;
    go();
    failureAhead = undefined;
  }
  return (item) => loader.load(item);
}
