/** Loaded before a process's own code: its clock is CLOCK_SHIFT_MINUTES ahead of, or behind, the others'. */
const shiftMs = Number(process.env.CLOCK_SHIFT_MINUTES) * 60_000;
const RealDate = Date;

globalThis.Date = class extends RealDate {
  constructor(...given) {
    if (given.length === 0) super(RealDate.now() + shiftMs);
    else super(...given);
  }

  static now() {
    return RealDate.now() + shiftMs;
  }
};
