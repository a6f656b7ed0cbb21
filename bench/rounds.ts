/** What one system did in its turn: what was delivered, and the CPU time that its server processes used meanwhile. */
export interface Round {
  readonly system: string;
  /** Delivered, not sent: packets, or messages of a signaling server. */
  readonly packets: number;
  /** Of all processes of the server, and of nobody else. */
  readonly cpuSeconds: number;
}

/** `noisy`: the rounds of one system differ too much for their quotient to mean anything. */
export type Ratio = number | 'noisy';

/** Rounds of one system that differ by more than this had something else on the machine beside them. */
const MAX_SPREAD = 2;

/** Microseconds of CPU for each packet that was delivered. */
export function usPerPacket({ packets, cpuSeconds }: Round): number {
  return (cpuSeconds * 1e6) / packets;
}

export function packetsPerCpuSecond({ packets, cpuSeconds }: Round): number {
  return packets / cpuSeconds;
}

/** The middle value; of an even number the mean of both middle ones; NaN of none. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((left, right) => left - right);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}

/** Whether rounds of one system differ too much. A round that delivered nothing, or took no time, is always too much. */
export function isNoisy(rounds: readonly Round[]): boolean {
  const costs = rounds.map(usPerPacket);
  const least = Math.min(...costs);
  const most = Math.max(...costs);
  return !(least > 0 && most <= MAX_SPREAD * least && Number.isFinite(most));
}

/** CPU per packet of `ours` as a multiple of that of `theirs`: the quotient of the medians. Below 1, we need less. */
export function ratio(ours: readonly Round[], theirs: readonly Round[]): Ratio {
  if (isNoisy(ours) || isNoisy(theirs)) return 'noisy';
  return median(ours.map(usPerPacket)) / median(theirs.map(usPerPacket));
}

/** The quotient of each two rounds that ran side by side: how much the ratio scatters. */
export function pairedRatios(ours: readonly Round[], theirs: readonly Round[]): number[] {
  return ours.flatMap((round, at) => {
    const beside = theirs[at];
    return beside ? [usPerPacket(round) / usPerPacket(beside)] : [];
  });
}

export function roundsOf<Each extends Round>(rounds: readonly Each[], system: Each['system']): Each[] {
  return rounds.filter((round) => round.system === system);
}

/** Whose turn it is: A B, then B A, and so on, so that nobody always runs in the other's wake. */
export function interleaved<System extends string>(systems: readonly System[], times: number): System[] {
  return Array.from({ length: times }, (_, at) => (at % 2 === 0 ? systems : systems.toReversed())).flat();
}
