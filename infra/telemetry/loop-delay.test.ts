import { test } from '@jest/globals';
import { until } from '../../tests/until.ts';
import { watchLoopDelay } from './loop-delay.ts';

const block = (ms: number) => {
  const end = performance.now() + ms;
  while (performance.now() < end);
};

test('a thread that has more to do than time is behind, and is not once it has caught up', async () => {
  const { delayMs } = watchLoopDelay();
  await until('it is behind', () => {
    block(400);
    return delayMs() > 200;
  });
  await until('it has caught up', () => delayMs() < 50);
});
