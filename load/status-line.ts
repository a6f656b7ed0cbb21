import { ratesOf } from './figures.ts';
import type { Tick } from './measurement.ts';
import { formatValue } from './metrics.ts';
import { distribution } from './statistics.ts';

/** What is happening now, in the words of the status line. */
export type Phase =
  | { readonly kind: 'joining'; readonly planned: number }
  | { readonly kind: 'measuring'; readonly leftMs: number }
  | { readonly kind: 'leaving' };

/** One line of the last reading: joins by p50/p95, packets a second. What is not known is left out. */
export function formatStatus(phase: Phase, ticks: readonly Tick[], joinMs: readonly number[]): string {
  const latest = ticks.at(-1);
  if (!latest) return wordsOf(phase);
  const { joined, failed, serverLoad, generatorCpu } = latest;
  const { p50, p95 } = distribution(joinMs);
  const pair = ticks.slice(-2);
  const rate = (key: 'packets' | 'lost') => ratesOf(pair, key)[0] ?? 0;
  const [received, lost] = [rate('packets'), rate('lost')];
  return [
    wordsOf(phase),
    `${joined} joined${failed > 0 ? `, ${failed} failed` : ''}`,
    p50 !== undefined && p95 !== undefined && `join ${seconds(p50)}/${seconds(p95)} s`,
    `${formatValue(received, 'per-second')}`,
    `loss ${formatValue(received + lost > 0 ? lost / (received + lost) : 0, 'share')}`,
    serverLoad !== undefined && `server ${formatValue(Number(serverLoad.toFixed(2)), 'share')}`,
    `generator ${formatValue(Number(generatorCpu.toFixed(2)), 'share')}`,
  ]
    .filter((part) => part !== false)
    .join(' · ');
}

function wordsOf(phase: Phase): string {
  if (phase.kind === 'joining') return `joining ${phase.planned}`;
  if (phase.kind === 'measuring') return `${Math.max(0, Math.ceil(phase.leftMs / 1_000))} s left`;
  return 'leaving';
}

const seconds = (ms: number): string => (ms / 1_000).toFixed(2);
