import DataLoader from 'dataloader';

/**
 * Makes one call out of many (the group commit of databases): while a call is under way, those who
 * come wait and go together with the next. Alone, nobody waits; under load each round trip and each
 * write to a socket serves more of them, so that the machine does less per request, not more.
 *
 * @param call does all at once; resolves to one result (or Error) per item, in order
 * @returns a function for one item; it rejects with the item's own Error, or when its call, or the
 *   one it waited for, failed
 */
export function groupCommit<Item, Result>(
  call: (items: readonly Item[]) => Promise<readonly (Result | Error)[]>,
  options: { maxItems: number },
): (item: Item) => Promise<Result> {
  /** Resolves when the call under way has ended, to what it failed with. */
  let underWay: Promise<unknown> | undefined;
  let failureAhead: unknown;

  const loader = new DataLoader<Item, Result>(
    (items) => {
      if (failureAhead !== undefined) return Promise.reject(failureAhead as Error);
      const answer = call(items);
      const done = answer.then(
        () => clear(undefined),
        (error: unknown) => clear(error),
      );
      underWay = done;
      function clear(failure: unknown): unknown {
        if (underWay === done) underWay = undefined;
        return failure;
      }
      return answer;
    },
    {
      cache: false,
      maxBatchSize: options.maxItems,
      batchScheduleFn: (go) => {
        if (!underWay) return void setImmediate(go);
        // Who waited behind a call that failed fails with it: on a store that hangs each would
        // otherwise wait for the time-out twice.
        void underWay.then((failure) => {
          failureAhead = failure;
          go();
          failureAhead = undefined;
        });
      },
    },
  );
  return (item) => loader.load(item);
}
