import { describe, expect, test } from 'vitest';
import { parseCount, parseDurationMs, parseRatePerSecond } from '../../load/units.ts';

describe('durations', () => {
  test.each([
    ['500ms', 500],
    ['1.5s', 1_500],
    ['2m', 120_000],
    ['2min', 120_000],
    ['1h', 3_600_000],
  ])('%s is %d ms', (text, ms) => expect(parseDurationMs(text)).toBe(ms));

  test.each(['60', 's', '-1s', '1 s', '1d', '1e3s', ''])('%j is none', (text) => {
    expect(() => parseDurationMs(text)).toThrow(/^not a duration/);
  });
});

describe('rates', () => {
  test.each([
    ['2/s', 2],
    ['30/m', 0.5],
    ['0.5/s', 0.5],
    ['3600/h', 1],
  ])('%s is %d a second', (text, rate) => expect(parseRatePerSecond(text)).toBe(rate));

  test.each(['2', '0/s', '/s', '2/', '2/ms', '-2/s'])('%j is none', (text) => {
    expect(() => parseRatePerSecond(text)).toThrow(/^not a rate/);
  });
});

test.each(['0', '11', '1.5', 'x', '', '-1', '0x5'])('%j is no count from 1 to 10', (text) => {
  expect(() => parseCount(text, { least: 1, most: 10 })).toThrow(/^not a whole number from 1 to 10/);
});
