import { describe, expect, test } from 'vitest';
import { html } from '../../load/markup.ts';
import { formatValue } from '../../load/metrics.ts';
import { parseServerFacts } from '../../load/server-facts.ts';
import { distribution } from '../../load/statistics.ts';
import { formatStatus } from '../../load/status-line.ts';
import { tick } from './measured.ts';

test('percentiles are samples themselves, and of nothing there are none', () => {
  const samples = Array.from({ length: 100 }, (_, at) => 100 - at);
  expect(distribution(samples)).toEqual({ min: 1, mean: 50.5, p50: 50, p95: 95, p99: 99, max: 100 });
  expect(distribution([])).toEqual({});
});

test.each([
  [1_193.4, 'ms', '1.19 s'],
  [3.14, 'ms', '3.1 ms'],
  [931.2, 'ms', '931 ms'],
  [61_234, 'ms', '61.2 s'],
  [0.98765, 'share', '98.77 %'],
  [1, 'share', '100 %'],
  [1_234_567, 'per-second', '1\u2009234\u2009567/s'],
  [14.94, 'per-second', '14.9/s'],
  [0, 'count', '0'],
  [1.234, 'cores', '1.23 cores'],
  [17.96, 'us', '18.0 µs'],
] as const)('%d as %s is %s', (value, unit, words) => expect(formatValue(value, unit)).toBe(words));

describe('the status line', () => {
  test('says what is happening before anything is known', () => {
    expect(formatStatus({ kind: 'joining', planned: 8 }, [], [])).toBe('joining 8');
  });

  test('says the last second', () => {
    const ticks = [
      tick(1, [{ packets: 100 }]),
      tick(2, [{ packets: 1_090, lost: 10 }], { serverLoad: 0.124, failed: 1 }),
    ];
    expect(formatStatus({ kind: 'measuring', leftMs: 4_100 }, ticks, [200, 300])).toBe(
      '5 s left · 1 joined, 1 failed · join 0.20/0.30 s · 990/s · loss 1 % · server 12 % · generator 20 %',
    );
  });
});

test('what a server does not say is not known', () => {
  const text = '# HELP conclave_peers Peers\nconclave_peers 7\nconclave_load_ratio 0.25\nconclave_peers_other 9\n';
  expect(parseServerFacts(text)).toMatchObject({ peers: 7, load_ratio: 0.25, rooms: undefined });
});

test('markup holds nothing of anybody else’s that was not escaped', () => {
  const name = '<img src=x onerror="alert(1)">&\'';
  expect(html`<p title="${name}">${[html`<b>${name}</b>`]}</p>`.markup).toBe(
    '<p title="&lt;img src=x onerror=&quot;alert(1)&quot;&gt;&amp;&#39;"><b>&lt;img src=x onerror=&quot;alert(1)&quot;&gt;&amp;&#39;</b></p>',
  );
});
