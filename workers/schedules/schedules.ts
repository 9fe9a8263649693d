import type { CommandName, PayloadOf } from '../../queues/registry.ts';
import { DAY_MS, type Instant, MINUTE_MS } from '../../domain/values/time.ts';
import { MAILS_KEPT_MS } from '../../domain/mail/announcements.ts';
import { KEPT_MS } from '../../domain/webhooks/retry.ts';

/** Work that Regulars gives itself, for each business that has some. */
export interface Schedule<Name extends CommandName = CommandName> {
  /** The command's name, and the schedule's. */
  command: Name;
  everyMs: number;
  /** Its work is what was due so long before the tick. */
  behindMs: number;
  /** What the command is told. `at`: the tick less `behindMs`. */
  payload: (at: Instant) => PayloadOf<Name>;
}

/**
 * How long what has expired waits for its sweep. Decisions and reads leave it out at once; until the
 * sweep a sale that comes late, from a till that was offline over a weekend, can still be judged by
 * what was valid when it occurred.
 */
const SWEEP_AFTER_MS = 3 * DAY_MS;

const isoTime = (instant: Instant) => new Date(instant).toISOString();

/** Every schedule. Which businesses a tick is for, infra/postgres/due-businesses.ts knows. */
export const schedules: readonly Schedule[] = [
  schedule({
    command: 'expire-lots',
    everyMs: 10 * MINUTE_MS,
    behindMs: SWEEP_AFTER_MS,
    payload: (at) => ({ at: isoTime(at), restingSince: isoTime(at) }),
  }),
  schedule({
    command: 'expire-rewards',
    everyMs: 10 * MINUTE_MS,
    behindMs: SWEEP_AFTER_MS,
    payload: (at) => ({ at: isoTime(at) }),
  }),
  schedule({
    command: 'release-reservations',
    everyMs: MINUTE_MS,
    behindMs: 0,
    payload: (at) => ({ at: isoTime(at) }),
  }),
  schedule({
    command: 'expire-waiting-refunds',
    everyMs: 60 * MINUTE_MS,
    behindMs: 0,
    payload: (at) => ({ at: isoTime(at) }),
  }),
  schedule({
    command: 'end-tier-periods',
    everyMs: 60 * MINUTE_MS,
    behindMs: 0,
    payload: (at) => ({ at: isoTime(at) }),
  }),
  // Every hour, so that each day is met soon after it begins, in whatever zone.
  schedule({
    command: 'give-birthday-rewards',
    everyMs: 60 * MINUTE_MS,
    behindMs: 0,
    payload: (at) => ({ at: isoTime(at) }),
  }),
  schedule({
    command: 'forget-webhook-deliveries',
    everyMs: 60 * MINUTE_MS,
    behindMs: KEPT_MS,
    payload: (at) => ({ before: isoTime(at) }),
  }),
  schedule({
    command: 'forget-mails',
    everyMs: 60 * MINUTE_MS,
    behindMs: MAILS_KEPT_MS,
    payload: (at) => ({ before: isoTime(at) }),
  }),
  schedule({
    command: 'announce-expiries',
    everyMs: 60 * MINUTE_MS,
    behindMs: 0,
    payload: (at) => ({ at: isoTime(at) }),
  }),
  // Every hour, so that it is Monday morning once in every zone.
  schedule({
    command: 'report-week',
    everyMs: 60 * MINUTE_MS,
    behindMs: 0,
    payload: (at) => ({ at: isoTime(at) }),
  }),
  schedule({
    command: 'make-weekly-report',
    everyMs: 60 * MINUTE_MS,
    behindMs: 0,
    payload: (at) => ({ at: isoTime(at) }),
  }),
  schedule({ command: 'verify-ledger', everyMs: 60 * MINUTE_MS, behindMs: 0, payload: () => ({}) }),
];

/** The schedule of a name; undefined for one of another release. */
export function findSchedule(name: string): Schedule | undefined {
  return schedules.find(({ command }) => command === name);
}

/** Checks a row where it is written; the list itself is of all commands. */
function schedule<Name extends CommandName>(row: Schedule<Name>): Schedule {
  return row;
}
