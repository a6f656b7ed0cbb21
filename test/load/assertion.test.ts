import { describe, expect, test } from 'vitest';
import { judge, parseAssertion, statsOf } from '../../load/assertion.ts';
import { type Figures, METRIC_NAMES, METRICS } from '../../load/metrics.ts';

const figures = {
  ...Object.fromEntries(METRIC_NAMES.map((name) => [name, {}])),
  join: { p95: 1_500 },
  delivery: { total: 0.995, min: 0.9 },
  failures: { total: 0 },
  packets: { mean: 12_000 },
} as unknown as Figures;

describe('an assertion', () => {
  test.each([
    ['join.p95<1500ms', { metric: 'join', stat: 'p95', operator: '<', limit: 1_500 }],
    ['join.p95 <= 1.5s', { metric: 'join', stat: 'p95', operator: '<=', limit: 1_500 }],
    ['delivery.min>=99%', { metric: 'delivery', stat: 'min', operator: '>=', limit: 0.99 }],
    ['delivery.min>=0.99', { metric: 'delivery', stat: 'min', operator: '>=', limit: 0.99 }],
    ['failures.total==0', { metric: 'failures', stat: 'total', operator: '==', limit: 0 }],
    ['packets.mean>10000/s', { metric: 'packets', stat: 'mean', operator: '>', limit: 10_000 }],
    ['packet-cost.total<25us', { metric: 'packet-cost', stat: 'total', operator: '<', limit: 25 }],
  ])('%s', (text, parts) => expect(parseAssertion(text)).toEqual({ text, ...parts }));

  test.each([
    ['', 'wanted is metric.stat'],
    ['join<1s', 'wanted is metric.stat'],
    ['join.p95=1s', 'wanted is metric.stat'],
    ['join.p95<-1s', 'wanted is metric.stat'],
    ['joins.p95<1s', 'there is no joins; there are join, first-media,'],
    ['toString.p95<1s', 'wanted is metric.stat'],
    ['join.p90<1s', 'join has no p90; it has min, mean, p50, p95, p99, max'],
    ['join.total<1s', 'join has no total'],
    ['failures.p95<1', 'failures has no p95; it has total'],
    ['join.p95<1500', 'behind the value of join stands ms or s'],
    ['join.p95<50%', 'behind the value of join stands ms or s'],
    ['delivery.total>99ms', 'behind the value of delivery stands % or nothing'],
  ])('%j is none: %s', (text, why) => expect(() => parseAssertion(text)).toThrow(why));

  test('can be made of every metric by every statistic that it has', () => {
    for (const metric of METRIC_NAMES)
      for (const stat of statsOf(METRICS[metric])) {
        const unit = { ms: 'ms', us: 'us', share: '%', 'per-second': '/s', cores: '', count: '' }[METRICS[metric].unit];
        expect(parseAssertion(`${metric}.${stat}<1${unit}`)).toMatchObject({ metric, stat });
      }
  });
});

describe('a verdict', () => {
  test.each([
    ['join.p95<1500ms', false],
    ['join.p95<=1500ms', true],
    ['join.p95>1.4s', true],
    ['delivery.total>=99%', true],
    ['delivery.min>=99%', false],
    ['failures.total==0', true],
    ['packets.mean>=12000/s', true],
  ])('%s: %j', (text, held) => expect(judge(parseAssertion(text), figures).held).toBe(held));

  test('on what was not measured is that it does not hold', () => {
    const verdict = judge(parseAssertion('pictures.min>=0/s'), figures);
    expect(verdict).toEqual({ text: 'pictures.min>=0/s', held: false, measured: 'not measured' });
  });

  test('says what was measured, with its unit', () => {
    expect(judge(parseAssertion('delivery.total>=99%'), figures).measured).toBe('99.5 %');
  });
});
