import { describe, expect, test } from 'vitest';
import { helpText } from '../../load/help.ts';
import { METRIC_NAMES } from '../../load/metrics.ts';
import { parseOptions } from '../../load/options.ts';

const SECRET = 'A'.repeat(22);
const LINK = `http://127.0.0.1:4400/call/room#k=${SECRET}`;

function optionsOf(...args: readonly string[]) {
  const command = parseOptions(args);
  if (command.kind !== 'run') throw new Error('help was asked for');
  return command.options;
}

describe('options', () => {
  test('say by themselves what a first run is', () => {
    expect(optionsOf()).toMatchObject({
      target: { kind: 'own' },
      rooms: 1,
      participants: 8,
      publishers: 4,
      rampPerSecond: 2,
      durationMs: 60_000,
      layout: { columns: 3, rows: 3 },
      findMax: undefined,
      assertions: [],
      out: 'load-report',
      json: false,
    });
  });

  test('are read as typed', () => {
    const typed = [
      ...['--url', 'https://calls.test', '--rooms', '2', '--participants', '24', '--publishers', '6', '--ramp', '30/m'],
      ...['--duration', '2m', '--layout', '4x3', '--participant', 'browser:4,bot:20', '--json', '--out', 'here'],
      ...['--assert', 'join.p95<1s', '--assert', 'seen.total>=99%', '--metrics-url', 'http://10.0.0.1:4401/metrics'],
    ];
    expect(optionsOf(...typed)).toMatchObject({
      target: { kind: 'origin', origin: 'https://calls.test' },
      ...{
        rooms: 2,
        participants: 24,
        publishers: 6,
        rampPerSecond: 0.5,
        durationMs: 120_000,
        json: true,
        out: 'here',
      },
      layout: { columns: 4, rows: 3 },
      assertions: [{ metric: 'join' }, { metric: 'seen' }],
      metricsUrl: 'http://10.0.0.1:4401/metrics',
    });
  });

  test('take an invite link as one room', () => {
    expect(optionsOf('--url', LINK).target).toEqual({ kind: 'link', link: LINK });
  });

  test('have as many participants as there are shares, and no more publishers than participants', () => {
    expect(optionsOf('--participant', 'browser:4,bot:20').participants).toBe(24);
    expect(optionsOf('--participants', '2').publishers).toBe(2);
  });

  test('of a search have shorter steps, and a bound', () => {
    expect(optionsOf('--find-max')).toMatchObject({ findMax: 200, durationMs: 20_000 });
    expect(optionsOf('--find-max', '--max', '50', '--duration', '5s')).toMatchObject({
      findMax: 50,
      durationMs: 5_000,
    });
  });

  test.each([
    [['--bogus'], "Unknown option '--bogus'"],
    [['ten'], "Unexpected argument 'ten'"],
    [['--url', 'calls.test'], '--url: not an http or https URL: "calls.test"'],
    [['--url', 'ws://calls.test'], '--url: not an http or https URL'],
    [['--url', 'http://calls.test/call/room'], '--url: neither an origin nor a whole invite link'],
    [['--url', `${LINK}&lobby`], '--url: that link has a lobby'],
    [['--url', LINK, '--rooms', '2'], 'an invite link is one room'],
    [['--rooms', '0'], '--rooms: not a whole number from 1 to 1000: "0"'],
    [['--participants', '2', '--publishers', '3'], '--publishers 3 are more than --participants 2'],
    [
      ['--participant', 'webrtc'],
      '--participant: not participants: "webrtc" (browser, bot, rtp, or shares such as browser:2,bot:6)',
    ],
    [['--ramp', '2'], '--ramp: not a rate: "2"'],
    [['--duration', '60'], '--duration: not a duration: "60"'],
    [['--duration', '10ms'], '--duration: a run takes a second at least'],
    [['--layout', '9x9'], '--layout: not a layout: "9x9"'],
    [['--assert', 'join.p96<1s'], 'join has no p96'],
    [['--max', '9'], '--max belongs to --find-max'],
    [['--find-max', '--max', '4'], '--max 4 is less than --participants 8'],
    [['--metrics-url', 'here'], '--metrics-url: not an http or https URL'],
  ])('%j is refused in one line', (args, why) => {
    expect(() => optionsOf(...args)).toThrow(why);
    expect(() => optionsOf(...args)).toThrow(/^[^\n]+$/);
  });
});

describe('help', () => {
  test.each([['--help'], ['-h'], ['--rooms', '3', '--help']])('is what %s asks for', (...args) => {
    expect(parseOptions(args)).toEqual({ kind: 'help' });
  });

  test('fits a terminal, and names every metric', () => {
    const lines = helpText().split('\n');
    expect(lines.filter((line) => line.length > 132)).toEqual([]);
    for (const name of METRIC_NAMES) expect(lines.some((line) => line.startsWith(`  ${name} `))).toBe(true);
  });
});
