import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { percentile, toJson } from '../../bench/report.ts';

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
