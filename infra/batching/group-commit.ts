import DataLoader from 'dataloader';

/**
 * Makes one call out of many (the group commit of databases): while a call is under way, those who
 * come wait and go together with the next. Alone, nobody waits; under load each round trip and each
 * write to a socket serves more of them, so that the machine does less per request, not more.
 *
 * @param call does all at once; resolves to one result (or Error) per item, in order
 * @returns a function for one item; it rejects with the item's own Error, or when the call failed
 */
export function groupCommit<Item, Result>(
  call: (items: readonly Item[]) => Promise<readonly (Result | Error)[]>,
  options: { maxItems: number },
): (item: Item) => Promise<Result> {
  let underWay: Promise<unknown> | undefined;

  const loader = new DataLoader<Item, Result>(
    (items) => {
      const answer = call(items);
      const done = answer.then(clear, clear);
      underWay = done;
      function clear(): void {
        if (underWay === done) underWay = undefined;
      }
      return answer;
    },
    {
      cache: false,
      maxBatchSize: options.maxItems,
      batchScheduleFn: (go) => {
        if (underWay) void underWay.then(go);
        else setImmediate(go);
      },
    },
  );
  return (item) => loader.load(item);
}
