import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';
import { parseResult } from '../../bench/comparison.ts';
import { commit, percentile, report, toJson } from '../../bench/report.ts';

test('a report says what its figures depend on, prints a figure a line, and writes what compare reads', () => {
  const folder = mkdtempSync(join(tmpdir(), 'conclave-report-'));
  const json = join(folder, 'result.json');
  const written = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  const options = { quick: true, json, before: { ms: performance.now() - 2_000, load: 0.5 }, commit: 'abcdef012345' };
  report('mls', { join_ms: 100 / 3, deep: [{ us: 2 / 3 }] }, options);
  const printed = written.mock.calls.map(([text]) => text).join('');
  written.mockRestore();
  const result = parseResult(readFileSync(json, 'utf8'));
  rmSync(folder, { recursive: true });

  expect(result).toMatchObject({ bench: 'mls', quick: true, seconds: 2, load_average: { before: 0.5 } });
  expect(result).toMatchObject({ join_ms: 33.333, deep: [{ us: 0.66667 }] });
  expect(result.machine).toMatchObject({ cores: expect.any(Number), node: process.version });
  expect(result.commit).toBe('abcdef012345');
  expect(commit()).toMatch(/^([0-9a-f]{12}(-dirty)?|unknown)$/);
  expect(Math.abs(Date.now() - Date.parse(result.date))).toBeLessThan(60_000);
  expect(printed).toMatch(/^join_ms: 33\.333$/m);
});

describe('a result as a file', () => {
  test('has a figure a line, and a round a line', () => {
    const rounds = [
      { system: 'ours', packets: 10 },
      { system: 'janus', packets: 9 },
    ];
    expect(toJson({ bench: 'forwarding', times_ms: [1, 2], rounds })).toBe(
      [
        '{',
        '  "bench": "forwarding",',
        '  "times_ms": [1,2],',
        '  "rounds": [',
        '    {"system":"ours","packets":10},',
        '    {"system":"janus","packets":9}',
        '  ]',
        '}',
        '',
      ].join('\n'),
    );
  });

  test('is read as it was written, whatever it holds', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue(), { noNullPrototype: true }), (result) => {
        expect(JSON.parse(toJson(result))).toEqual(JSON.parse(JSON.stringify(result)));
      }),
    );
  });
});

test.each([
  { values: [1, 2, 3, 4], share: 0.5, is: 2 },
  { values: [4, 3, 2, 1], share: 0.99, is: 4 },
  { values: [1, 2, 3], share: 0, is: 1 },
  { values: [], share: 0.5, is: Number.NaN },
])('the percentile $share of $values is $is', ({ values, share, is }) => {
  expect(percentile(values, share)).toBe(is);
});
