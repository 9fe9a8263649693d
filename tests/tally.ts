/** How many tests ended which way; a static check counts as one test. */
export type Tally = {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
};

export const nothing: Tally = { passed: 0, failed: 0, skipped: 0 };

export function add(one: Tally, other: Tally): Tally {
  return {
    passed: one.passed + other.passed,
    failed: one.failed + other.failed,
    skipped: one.skipped + other.skipped,
  };
}

/** The line that ends every test run; what was skipped is said before it, so that it stays plain. */
export function closingLine({ passed, failed }: Tally): string {
  return `${passed} passed, ${failed} failed`;
}
