import type { Tick } from './measurement.ts';
import { distribution } from './statistics.ts';

/** Above, participants wait for each other and not for the server. */
const FULL_GENERATOR = 0.85;

/** Above, everything on the machine waits, a server that shares it too. */
const FULL_MACHINE = 0.95;

/** A process of bots uses one core and no more. */
const FULL_PROCESS = 0.9;

/** Packets that wait so long in a process look late, or lost, and the network is not to blame. */
const LATE_LOOP_MS = 100;

/**
 * Why the figures tell of what makes the load, and not of the server; empty when they tell of the server. One sentence each, for the
 * report. CPU counts by its mean: a full second among many calm ones harms few.
 */
export function saturationOf(inside: readonly Tick[]): string[] {
  const mean = (read: (tick: Tick) => number) => distribution(inside.map(read)).mean ?? 0;
  const [generator, machine, process] = [
    mean(({ generatorCpu }) => generatorCpu),
    mean(({ machineCpu }) => machineCpu),
    mean(({ busiestBots }) => busiestBots),
  ];
  const late = distribution(inside.map(({ loopDelayMs }) => loopDelayMs)).p95 ?? 0;
  const percent = (share: number) => `${Math.round(share * 100)} %`;
  return [
    generator >= FULL_GENERATOR && `The participants used ${percent(generator)} of this machine.`,
    machine >= FULL_MACHINE && `This machine was ${percent(machine)} busy, ${percent(generator)} by the participants.`,
    process >= FULL_PROCESS && `A process of bots used ${percent(process)} of its one core.`,
    late >= LATE_LOOP_MS && `Bots were up to ${Math.round(late)} ms late with what they had received.`,
  ].filter((reason) => reason !== false);
}
