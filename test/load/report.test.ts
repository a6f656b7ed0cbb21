import { describe, expect, test } from 'vitest';
import type { Measurement } from '../../load/measurement.ts';
import { parseOptions } from '../../load/options.ts';
import { JoinError } from '../../load/pool.ts';
import { type Observed, type Report, reportOf } from '../../load/report.ts';
import { reportHtml } from '../../load/report-html.ts';
import { formatSummary, headlines } from '../../load/summary.ts';
import { measurement, tick } from './measured.ts';

const SECRET = 'Secret-of-the-call-000';
const ASSERTIONS = ['--assert', 'join.max<1s', '--assert', 'lost.total==0'];

function report(measured: Partial<Measurement> = {}, rest: Partial<Observed> = {}): Report {
  const command = parseOptions(['--url', `http://127.0.0.1:4400/call/room#k=${SECRET}`, ...ASSERTIONS]);
  if (command.kind !== 'run') throw new Error('help was asked for');
  const ticks = [tick(1, [{}, {}]), tick(2, [{ packets: 99, lost: 1 }, { packets: 100 }])];
  const joinMs = new Map([
    [0, 200],
    [1, 300],
  ]);
  return reportOf({
    options: command.options,
    participants: 2,
    serverName: 'http://127.0.0.1:4400, a room that was given',
    measurement: measurement(ticks, { joinMs, ...measured }),
    ...{ interrupted: false, server: undefined, search: undefined, ...rest },
  });
}

const warnings = (of: Report) => headlines(of).flatMap(({ text, warns }) => (warns ? text : []));

describe('a report', () => {
  test('judges what was asserted, by what was measured', () => {
    expect(report().verdicts).toEqual([
      { text: 'join.max<1s', held: true, measured: '300 ms' },
      { text: 'lost.total==0', held: false, measured: '1' },
    ]);
  });

  test('keeps no link: its secret lets people in, also where a browser names the page that it could not open', () => {
    const { code, message } = new JoinError(
      'error',
      `net::ERR at http://127.0.0.1:4400/call/room#k=${SECRET}&lobby=1 (1)`,
    );
    const failed = report({ failures: [{ id: 2, code, message }] });
    expect(failed.failures[0]?.message).toBe('net::ERR at http://127.0.0.1:4400/call/room#… (1)');
    for (const each of [report(), failed]) {
      for (const text of [JSON.stringify(each), reportHtml(each), formatSummary(each)])
        expect(text).not.toContain(SECRET);
    }
  });

  test('gathers failures by their code, the most frequent first', () => {
    const failure = (id: number, code: string) => ({ id, code, message: `${code} ${id}` });
    const failures = [failure(2, 'timeout'), failure(3, 'room-full'), failure(4, 'room-full')];
    expect(report({ failures }).failures).toEqual([
      { code: 'room-full', count: 2, message: 'room-full 3' },
      { code: 'timeout', count: 1, message: 'timeout 2' },
    ]);
  });

  test('shows what others said as text, and not as markup', () => {
    const failures = [{ id: 2, code: 'error', message: '</script><script>alert(1)</script>' }];
    expect(reportHtml(report({ failures }))).not.toContain('<script>alert');
  });
});

describe('what is said first', () => {
  test('is what went well', () => {
    expect(headlines(report()).map(({ text }) => text)).toContain('All 2 joined.');
    expect(warnings(report())).toEqual(['1 of 2 assertions failed.']);
  });

  test('warns of all that makes the figures others than they look', () => {
    const ticks = [tick(1, [{}]), tick(2, [{ gone: true }], { generatorCpu: 0.9, machineCpu: 0.9 })];
    const found = warnings(report({ ticks, joinMs: new Map([[0, 200]]) }, { interrupted: true }));
    expect(found.map((text) => text.split(/[:.]/)[0])).toEqual([
      'Stopped before the end',
      '1 of 2 joined',
      '1 fell out of the call',
      'Saturated',
    ]);
  });

  test('stands above the table on the terminal too, and assertions below it', () => {
    const lines = formatSummary(report()).split('\n');
    expect(lines[0]).toBe('All 2 joined.');
    expect(lines).toContain('  held    join.max<1s    300 ms');
    expect(lines).toContain('  FAILED  lost.total==0  1');
  });
});
