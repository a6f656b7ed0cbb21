import { MIN_DELIVERED_SHARE } from '../forwarding/knee.ts';
import { isNoisy, median, pairedRatios, type Ratio, ratio, roundsOf, usPerPacket } from '../rounds.ts';
import type { SendCase } from './send-case.ts';
import type { FrameDelays, SendRound } from './send-round.ts';
import type { BothEnds } from './send-stage.ts';

/** The build with batches, the one without, and that one a second time, which says what a ratio of two equal ones looks like. */
export const WORKERS = ['ours', 'stock', 'stock_again'] as const;
export type WorkerName = (typeof WORKERS)[number];

/** Two equal workers that differ by more than this, as a share of the one, or of a voice's p95: a smaller difference of ours means nothing. */
const MAX_CONTROL = { share: 0.1, audioMs: 2 };

export interface WorkerFigures extends FrameDelays {
  readonly us_per_packet: number | 'noisy';
  readonly us_per_packet_rounds: readonly number[];
  readonly packets_per_second: number;
  readonly least_delivered_share: number;
  readonly generator_saturated_rounds: number;
  /** Of all turns of the case, with those parts of them that are not measured. */
  readonly both_ends: BothEnds;
  /** Packets that were opened whole, as a sample; one that is not authentic ends the bench. */
  readonly opened: number;
}

export interface CaseFigures {
  readonly receivers: number;
  /** CPU per delivered packet of our worker as a multiple of stock's. */
  readonly ratio_vs_stock: Ratio;
  readonly ratio_vs_stock_rounds: readonly number[];
  /** Of stock again as a multiple of stock's: how far from 1 a ratio is that means nothing. */
  readonly ratio_control: Ratio;
  readonly ratio_control_rounds: readonly number[];
  /** Our delays less stock's: above 0 ours takes longer. */
  readonly ours_minus_stock: FrameDelays;
  readonly control_minus_stock: FrameDelays;
  readonly workers: Readonly<Record<WorkerName, WorkerFigures>>;
}

/** `rounds` of one case, in which the workers took turns. */
export function caseFigures(
  { receivers }: SendCase,
  rounds: readonly SendRound[],
  ends: Readonly<Record<WorkerName, BothEnds>>,
): CaseFigures {
  const [ours, stock, again] = WORKERS.map((name) => roundsOf(rounds, name)) as [SendRound[], SendRound[], SendRound[]];
  const workers = {
    ours: workerFigures(ours, ends.ours),
    stock: workerFigures(stock, ends.stock),
    stock_again: workerFigures(again, ends.stock_again),
  };
  return {
    receivers,
    ratio_vs_stock: ratio(ours, stock),
    ratio_vs_stock_rounds: pairedRatios(ours, stock),
    ratio_control: ratio(again, stock),
    ratio_control_rounds: pairedRatios(again, stock),
    ours_minus_stock: eachDelay((delay) => workers.ours[delay] - workers.stock[delay]),
    control_minus_stock: eachDelay((delay) => workers.stock_again[delay] - workers.stock[delay]),
    workers,
  };
}

/** The largest of the cases, or that it is not known because one of them is noisy. */
export function worstRatio(cases: Readonly<Record<string, CaseFigures>>): Ratio {
  const ratios = Object.values(cases).map(({ ratio_vs_stock }) => ratio_vs_stock);
  return ratios.some((each) => each === 'noisy') ? 'noisy' : Math.max(...(ratios as number[]));
}

/** What keeps the figures of a case from meaning what they say, a line each. */
export function doubtsOf(name: string, figures: CaseFigures): string[] {
  const control = figures.ratio_control;
  const share = control === 'noisy' ? 0 : Math.abs(control - 1);
  const audioMs = Math.abs(figures.control_minus_stock.audio_p95_ms);
  return [
    ...WORKERS.flatMap((worker) => workerDoubts(figures.workers[worker]).map((doubt) => `${worker}: ${doubt}`)),
    ...(share > MAX_CONTROL.share ? [`stock differs from itself by ${(share * 100).toFixed(0)} %`] : []),
    ...(audioMs > MAX_CONTROL.audioMs
      ? [`voices of stock differ from its own by ${audioMs.toFixed(1)} ms at p95`]
      : []),
  ].map((doubt) => `${name}, ${doubt}`);
}

function workerDoubts(figures: WorkerFigures): string[] {
  const { us_per_packet, generator_saturated_rounds: saturated, least_delivered_share: least } = figures;
  const { sent, received } = figures.both_ends;
  return [
    ...(us_per_packet === 'noisy' ? ['noisy, rounds differ by more than 2 times'] : []),
    ...(saturated > 0 ? [`the endpoints were busy or late themselves in ${saturated} rounds`] : []),
    ...(least < MIN_DELIVERED_SHARE ? [`only ${(least * 100).toFixed(1)} % was delivered in a round`] : []),
    ...(sent !== received ? [`${sent} packets were sent and ${received} received`] : []),
  ];
}

function workerFigures(rounds: readonly SendRound[], both_ends: BothEnds): WorkerFigures {
  const costs = rounds.map(usPerPacket);
  return {
    us_per_packet: isNoisy(rounds) ? 'noisy' : median(costs),
    us_per_packet_rounds: costs,
    packets_per_second: median(rounds.map(({ packets, seconds }) => packets / seconds)),
    least_delivered_share: Math.min(...rounds.map((round) => round.delivered_share)),
    generator_saturated_rounds: rounds.filter((round) => round.generator_saturated).length,
    ...eachDelay((delay) => median(rounds.map((round) => round[delay]))),
    both_ends,
    opened: rounds.reduce((sum, { opened }) => sum + opened, 0),
  };
}

function eachDelay(of: (delay: keyof FrameDelays) => number): FrameDelays {
  return {
    first_p50_ms: of('first_p50_ms'),
    first_p95_ms: of('first_p95_ms'),
    last_p50_ms: of('last_p50_ms'),
    last_p95_ms: of('last_p95_ms'),
    audio_p50_ms: of('audio_p50_ms'),
    audio_p95_ms: of('audio_p95_ms'),
  };
}
