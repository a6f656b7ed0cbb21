import { describe, expect, test } from 'vitest';
import { benches } from '../../bench/benches.mjs';

/** What is left of a wide terminal's line beside the longest name. */
const LINE_CHARS = 120;

describe('the list of benches', () => {
  test.each(benches())('$name says in one line what it measures', ({ measures }) => {
    expect(measures).toMatch(/^[A-Z].{10,}[^.:;]$/);
    expect(measures.length).toBeLessThanOrEqual(LINE_CHARS);
  });

  test('has benches, and nothing else of the folder', () => {
    const names = benches().map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining(['mls', 'join-storm', 'recovery', 'sframe']));
    for (const part of ['report', 'rounds', 'cpu-time', 'compare', 'comparison']) expect(names).not.toContain(part);
  });
});
