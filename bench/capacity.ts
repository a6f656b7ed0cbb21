import type { ForwardingRound } from './forwarding/forwarding-round.ts';
import { median, type Ratio, ratio, usPerPacket } from './rounds.ts';

/** How many times the packets of one worker two of them carry, from what a packet costs on either. */
export interface Capacity {
  /** When both share the work evenly. */
  readonly factor: Ratio;
  /** As the work was shared: when the busier worker is full, two carry no more. */
  readonly untilTheBusierIsFull: Ratio;
}

/** The rounds' CPU time is that of the workers alone. */
export function capacityOfTwo(one: readonly ForwardingRound[], two: readonly ForwardingRound[]): Capacity {
  const cost = ratio(two, one);
  if (cost === 'noisy') return { factor: cost, untilTheBusierIsFull: cost };
  return {
    factor: 2 / cost,
    untilTheBusierIsFull: median(one.map(usPerPacket)) / median(two.map(busierUsPerPacket)),
  };
}

/** CPU time of the busier worker for each packet that both delivered. */
function busierUsPerPacket({ busiest_cpu_seconds, packets }: ForwardingRound): number {
  return (busiest_cpu_seconds * 1e6) / packets;
}
