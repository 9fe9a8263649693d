import Sequencer from '@jest/test-sequencer';

/** Starts with what takes longest, also where no earlier run has timed it. */
export default class LongestFirst extends Sequencer {
  sort(tests) {
    return super.sort(tests).toSorted((a, b) => rank(a) - rank(b));
  }
}

/** The chaos is one long file; what else is in `tests` starts processes; the rest computes. */
function rank({ path, context }) {
  const file = path.slice(context.config.rootDir.length + 1);
  if (file === 'tests/faults/chaos.test.ts') return 0;
  return file.startsWith('tests/') ? 1 : 2;
}
