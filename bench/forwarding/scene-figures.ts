import {
  isNoisy,
  median,
  packetsPerCpuSecond,
  pairedRatios,
  type Ratio,
  type Round,
  ratio,
  usPerPacket,
} from '../rounds.ts';
import type { ForwardingRound } from './forwarding-round.ts';
import { MIN_DELIVERED_SHARE } from './knee.ts';

/** Whose figures the others are set beside. */
const OURS = 'conclave';

/** What one system did in one scene: medians of its rounds, and of what casts doubt on them the worst. */
export interface SystemFigures {
  readonly us_per_packet: number | 'noisy';
  readonly us_per_packet_rounds: readonly number[];
  readonly packets_per_cpu_second: number | 'noisy';
  /** Cores that the server used: of different amounts of packets for the same people, this and not the cost of one compares. */
  readonly cpu_share: number;
  readonly packets_per_second: number;
  readonly delay_p50_ms: number;
  readonly delay_p99_ms: number;
  readonly least_delivered_share: number;
  readonly most_endpoints_cpu_share: number;
  readonly generator_saturated: boolean;
}

export interface SceneFigures {
  readonly systems: Readonly<Record<string, SystemFigures>>;
  /**
   * `ratio_vs_<peer>`: our CPU per delivered packet as a multiple of theirs; `cpu_ratio_vs_<peer>`: our CPU per second of the scene,
   * which counts where a system delivers fewer packets to the same people. With `_rounds`, of each two rounds side by side.
   */
  readonly ratios: Readonly<Record<string, Ratio | readonly number[]>>;
}

/** `limit` are rounds of the raw loop, taken between the others. */
export function sceneFigures(rounds: readonly ForwardingRound[], limit: readonly Round[]): SceneFigures {
  const names = [...new Set(rounds.map(({ system }) => system))];
  const roundsOf = (name: string) => rounds.filter(({ system }) => system === name);
  const ours = roundsOf(OURS);
  const ratios: Record<string, Ratio | readonly number[]> = {
    ratio_vs_limit: ratio(ours, limit),
    ratio_vs_limit_rounds: pairedRatios(ours, limit),
  };
  for (const peer of names.filter((name) => name !== OURS)) {
    const theirs = roundsOf(peer);
    ratios[`ratio_vs_${peer}`] = ratio(ours, theirs);
    ratios[`ratio_vs_${peer}_rounds`] = pairedRatios(ours, theirs);
    ratios[`cpu_ratio_vs_${peer}`] = ratio(perSecond(ours), perSecond(theirs));
  }
  return {
    systems: Object.fromEntries(names.map((name) => [name, systemFigures(roundsOf(name))])),
    ratios,
  };
}

/** What keeps the figures of a scene from meaning what they say, a line each. */
export function doubtsOf(scene: string, { systems }: SceneFigures): string[] {
  return Object.entries(systems).flatMap(([name, figures]) => [
    ...(figures.us_per_packet === 'noisy' ? [`${scene}, ${name}: noisy, rounds differ by more than 2 times`] : []),
    ...(figures.generator_saturated ? [`${scene}, ${name}: the endpoints were busy or late themselves`] : []),
    ...(figures.least_delivered_share < MIN_DELIVERED_SHARE
      ? [`${scene}, ${name}: only ${(figures.least_delivered_share * 100).toFixed(1)} % was delivered in a round`]
      : []),
  ]);
}

function systemFigures(rounds: readonly ForwardingRound[]): SystemFigures {
  const middle = (given: (round: ForwardingRound) => number) => median(rounds.map(given));
  const unlessNoisy = (given: (round: ForwardingRound) => number) => (isNoisy(rounds) ? 'noisy' : middle(given));
  return {
    us_per_packet: unlessNoisy(usPerPacket),
    us_per_packet_rounds: rounds.map(usPerPacket),
    packets_per_cpu_second: unlessNoisy(packetsPerCpuSecond),
    cpu_share: middle(({ cpuSeconds, seconds }) => cpuSeconds / seconds),
    packets_per_second: middle(({ packets, seconds }) => packets / seconds),
    delay_p50_ms: middle((round) => round.delay_p50_ms),
    delay_p99_ms: middle((round) => round.delay_p99_ms),
    least_delivered_share: Math.min(...rounds.map((round) => round.delivered_share)),
    most_endpoints_cpu_share: Math.max(...rounds.map((round) => round.endpoints_cpu_share)),
    generator_saturated: rounds.some((round) => round.generator_saturated),
  };
}

/** With seconds in place of packets: what a scene costs, however many packets a system makes of it. */
function perSecond(rounds: readonly ForwardingRound[]): Round[] {
  return rounds.map(({ system, seconds, cpuSeconds }) => ({ system, packets: seconds, cpuSeconds }));
}
