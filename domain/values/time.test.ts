import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { at } from '../../tests/builders/domain.ts';
import {
  businessDate,
  DAY_MS,
  endOfDay,
  isTimeZone,
  localDate,
  offsetMinutes,
  parseInstant,
  toIso,
} from './time.ts';

describe('parseInstant', () => {
  test.each([
    ['2026-03-04T12:00:00Z', '2026-03-04T12:00:00.000Z'],
    ['2026-03-04T12:00:00.5Z', '2026-03-04T12:00:00.500Z'],
    ['2026-03-04T12:00:00.123456789Z', '2026-03-04T12:00:00.123Z'],
    ['2026-03-04T12:00:00+05:45', '2026-03-04T06:15:00.000Z'],
    ['2026-03-04T23:30:00-05:00', '2026-03-05T04:30:00.000Z'],
    ['2028-02-29T00:00:00Z', '2028-02-29T00:00:00.000Z'],
    ['2000-02-29T00:00:00Z', '2000-02-29T00:00:00.000Z'],
    ['2026-02-28T23:59:59Z', '2026-02-28T23:59:59.000Z'],
    ['2026-12-31T23:59:59Z', '2026-12-31T23:59:59.000Z'],
  ])('reads %s', (text, expected) => {
    expect(toIso(parseInstant(text))).toBe(expected);
  });

  test.each([
    ['a local time without an offset', '2026-03-04T12:00:00'],
    ['an offset without a colon', '2026-03-04T12:00:00+0100'],
    ['a date alone', '2026-03-04'],
    ['no seconds', '2026-03-04T12:00Z'],
    ['a space for the T', '2026-03-04 12:00:00Z'],
    ['30 February', '2026-02-30T12:00:00Z'],
    ['29 February outside a leap year', '2026-02-29T12:00:00Z'],
    ['29 February 2100, no leap year', '2100-02-29T12:00:00Z'],
    ['31 April', '2026-04-31T12:00:00Z'],
    ['day 0', '2026-03-00T12:00:00Z'],
    ['day 32', '2026-03-32T12:00:00Z'],
    ['month 0', '2026-00-04T12:00:00Z'],
    ['month 13', '2026-13-04T12:00:00Z'],
    ['hour 24', '2026-03-04T24:00:00Z'],
    ['minute 60', '2026-03-04T12:60:00Z'],
    ['second 60', '2026-03-04T12:00:60Z'],
    ['an offset of a day', '2026-03-04T12:00:00+24:00'],
    ['ten digits of fraction', '2026-03-04T12:00:00.1234567890Z'],
    ['a number', '1772625600000'],
    ['text around it', ' 2026-03-04T12:00:00Z'],
    ['nothing', ''],
  ])('%s is NaN', (_, text) => {
    expect(parseInstant(text)).toBeNaN();
  });
});

test.each(['Europe/Lisbon', 'America/New_York', 'Asia/Kathmandu', 'Pacific/Apia', 'UTC'])(
  '%s is a time zone',
  (zone) => {
    expect(isTimeZone(zone)).toBe(true);
  },
);

test.each(['', 'Mars/Base', 'Europe/Atlantis', 'Lisbon'])('%j is no time zone', (zone) => {
  expect(isTimeZone(zone)).toBe(false);
});

describe('offsetMinutes', () => {
  test.each([
    ['Europe/Lisbon', '2026-03-29T00:59:59.999Z', 0],
    ['Europe/Lisbon', '2026-03-29T01:00:00Z', 60],
    ['Europe/Lisbon', '2026-10-25T00:59:59.999Z', 60],
    ['Europe/Lisbon', '2026-10-25T01:00:00Z', 0],
    ['America/New_York', '2026-03-08T06:59:59.999Z', -300],
    ['America/New_York', '2026-03-08T07:00:00Z', -240],
    ['America/New_York', '2026-11-01T05:59:59.999Z', -240],
    ['America/New_York', '2026-11-01T06:00:00Z', -300],
    ['Asia/Kathmandu', '2026-03-04T12:00:00Z', 345],
    ['Pacific/Apia', '2011-12-30T09:59:59.999Z', -600],
    ['Pacific/Apia', '2011-12-30T10:00:00Z', 840],
    ['Pacific/Apia', '2026-03-04T12:00:00Z', 780],
    ['Australia/Lord_Howe', '2026-04-04T14:59:59.999Z', 660],
    ['Australia/Lord_Howe', '2026-04-04T15:00:00Z', 630],
    ['UTC', '2026-03-04T12:00:00Z', 0],
    ['Europe/Lisbon', '1969-12-31T12:00:00Z', 60],
  ])('%s at %s is %i minutes east', (zone, text, expected) => {
    expect(offsetMinutes(at(text), zone)).toBe(expected);
  });
});

describe('businessDate', () => {
  const dayStart = 240;

  test.each([
    ['Europe/Lisbon', 0, '2026-03-04T00:00:00Z', '2026-03-04'],
    ['Europe/Lisbon', 0, '2026-03-03T23:59:59.999Z', '2026-03-03'],
    ['Europe/Lisbon', dayStart, '2026-03-04T03:59:59.999Z', '2026-03-03'],
    ['Europe/Lisbon', dayStart, '2026-03-04T04:00:00Z', '2026-03-04'],
    ['Europe/Lisbon', dayStart, '2026-01-01T03:59:00Z', '2025-12-31'],
    ['Europe/Lisbon', dayStart, '2028-03-01T03:59:00Z', '2028-02-29'],
    // Clocks go forward at 01:00: 04:00 local is 03:00 UTC that morning.
    ['Europe/Lisbon', dayStart, '2026-03-29T02:59:59.999Z', '2026-03-28'],
    ['Europe/Lisbon', dayStart, '2026-03-29T03:00:00Z', '2026-03-29'],
    // Clocks go back at 02:00: 04:00 local is 04:00 UTC again.
    ['Europe/Lisbon', dayStart, '2026-10-25T03:59:59.999Z', '2026-10-24'],
    ['Europe/Lisbon', dayStart, '2026-10-25T04:00:00Z', '2026-10-25'],
    ['America/New_York', dayStart, '2026-03-08T07:59:59.999Z', '2026-03-07'],
    ['America/New_York', dayStart, '2026-03-08T08:00:00Z', '2026-03-08'],
    ['America/New_York', dayStart, '2026-11-01T08:59:59.999Z', '2026-10-31'],
    ['America/New_York', dayStart, '2026-11-01T09:00:00Z', '2026-11-01'],
    ['Asia/Kathmandu', 0, '2026-03-04T18:14:59.999Z', '2026-03-04'],
    ['Asia/Kathmandu', 0, '2026-03-04T18:15:00Z', '2026-03-05'],
    ['Asia/Kathmandu', dayStart, '2026-03-04T22:14:59.999Z', '2026-03-04'],
    ['Asia/Kathmandu', dayStart, '2026-03-04T22:15:00Z', '2026-03-05'],
    // Samoa went from 29 to 31 December 2011.
    ['Pacific/Apia', 0, '2011-12-30T09:59:59.999Z', '2011-12-29'],
    ['Pacific/Apia', 0, '2011-12-30T10:00:00Z', '2011-12-31'],
    ['Pacific/Apia', dayStart, '2026-03-04T14:59:59.999Z', '2026-03-04'],
    ['Pacific/Apia', dayStart, '2026-03-04T15:00:00Z', '2026-03-05'],
  ])(
    '%s with the day starting %i minutes in: %s is on %s',
    (zone, dayStartMinutes, text, expected) => {
      expect(businessDate(at(text), { zone, dayStartMinutes })).toBe(expected);
    },
  );
});

describe('endOfDay', () => {
  test.each([
    ['UTC', '2026-03-04', 0, '2026-03-04T23:59:59.999Z'],
    ['Europe/Lisbon', '2026-03-04', 0, '2026-03-04T23:59:59.999Z'],
    ['Europe/Lisbon', '2026-03-04', 30, '2026-04-03T22:59:59.999Z'],
    ['Europe/Lisbon', '2026-12-31', 1, '2027-01-01T23:59:59.999Z'],
    ['Europe/Lisbon', '2028-02-28', 1, '2028-02-29T23:59:59.999Z'],
    ['America/New_York', '2026-03-07', 0, '2026-03-08T04:59:59.999Z'],
    ['America/New_York', '2026-03-08', 0, '2026-03-09T03:59:59.999Z'],
    ['America/New_York', '2026-11-01', 0, '2026-11-02T04:59:59.999Z'],
    ['Asia/Kathmandu', '2026-03-04', 0, '2026-03-04T18:14:59.999Z'],
    ['Pacific/Apia', '2011-12-29', 0, '2011-12-30T09:59:59.999Z'],
    ['Pacific/Apia', '2011-12-31', 0, '2011-12-31T09:59:59.999Z'],
  ])('%s: %s and %i days more ends at %s', (zone, date, days, expected) => {
    expect(toIso(endOfDay(date, days, zone))).toBe(expected);
  });

  test.each([
    ['America/Santiago', '2025-09-06', '2025-09-07T03:59:59.999Z'],
    ['Africa/Cairo', '2026-04-23', '2026-04-23T21:59:59.999Z'],
    ['Asia/Beirut', '2026-03-28', '2026-03-28T21:59:59.999Z'],
  ])(
    '%s: midnight after %s does not exist, so the day ends when clocks jump',
    (zone, date, expected) => {
      expect(toIso(endOfDay(date, 0, zone))).toBe(expected);
    },
  );

  test.each([
    ['America/Santiago', '2026-04-04', '2026-04-05T03:59:59.999Z'],
    ['Africa/Cairo', '2026-10-29', '2026-10-29T21:59:59.999Z'],
    ['Asia/Beirut', '2026-10-24', '2026-10-24T21:59:59.999Z'],
  ])(
    '%s: the last hour of %s happens twice, and the day ends with the second',
    (zone, date, expected) => {
      expect(toIso(endOfDay(date, 0, zone))).toBe(expected);
    },
  );

  test('America/Havana: where midnight happens twice, the day before ends with the first', () => {
    expect(toIso(endOfDay('2026-10-31', 0, 'America/Havana'))).toBe('2026-11-01T03:59:59.999Z');
  });

  test('a day that a zone left out ends when the days on either side meet', () => {
    expect(toIso(endOfDay('2011-12-30', 0, 'Pacific/Apia'))).toBe('2011-12-30T09:59:59.999Z');
  });

  const zones = fc.constantFrom(
    'UTC',
    'Europe/Lisbon',
    'Atlantic/Azores',
    'America/New_York',
    'America/Santiago',
    'America/Havana',
    'America/Asuncion',
    'America/Sao_Paulo',
    'Africa/Cairo',
    'Africa/Casablanca',
    'Asia/Beirut',
    'Asia/Tehran',
    'Asia/Amman',
    'Asia/Kathmandu',
    'Australia/Lord_Howe',
    'Pacific/Chatham',
    'Pacific/Kiritimati',
    'Pacific/Pago_Pago',
  );
  const FIRST_DAY = Date.UTC(2012, 0, 1) / DAY_MS;
  const LAST_DAY = Date.UTC(2035, 11, 31) / DAY_MS;
  const dates = fc
    .integer({ min: FIRST_DAY, max: LAST_DAY })
    .map((day) => toIso(day * DAY_MS).slice(0, 10));

  test('the end of a day is on that day, and a millisecond later is not', () => {
    fc.assert(
      fc.property(dates, zones, (date, zone) => {
        const end = endOfDay(date, 0, zone);
        expect(localDate(end, zone)).toBe(date);
        expect(localDate(end + 1, zone) > date).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });

  test('the same holds on each of the days around a change of clocks at midnight', () => {
    for (const zone of ['America/Santiago', 'Africa/Cairo', 'Asia/Beirut', 'America/Havana']) {
      for (let day = Date.UTC(2026, 0, 1); day < Date.UTC(2027, 0, 1); day += DAY_MS) {
        const date = toIso(day).slice(0, 10);
        const end = endOfDay(date, 0, zone);
        expect([zone, localDate(end, zone)]).toEqual([zone, date]);
        expect([zone, date, localDate(end + 1, zone) > date]).toEqual([zone, date, true]);
      }
    }
  });
});
