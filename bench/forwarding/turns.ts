import { type RawRound, rawLoop } from '../raw-loop.ts';
import type { OpenSystem, Skipped, System } from '../systems/system.ts';
import { type ForwardingRound, forwardingRound, type RoundTimes } from './forwarding-round.ts';
import type { Scene } from './scene.ts';

export interface TurnsOptions {
  readonly systems: readonly OpenSystem[];
  /** Receivers; of a call people. */
  readonly size: number;
  readonly turns: number;
  readonly times: RoundTimes;
  readonly rawMs: number;
}

export interface Turns {
  readonly rounds: readonly ForwardingRound[];
  /** Of the raw loop, one in each turn. */
  readonly limit: readonly RawRound[];
  readonly skipped: readonly Skipped[];
}

/** All systems play the scene, round by round one after another, A B and then B A; those who wait send nothing. */
export async function takeTurns(scene: Scene, { systems, size, turns, times, rawMs }: TurnsOptions): Promise<Turns> {
  const playing: System[] = [];
  const skipped: Skipped[] = [];
  const rounds: ForwardingRound[] = [];
  const limit: RawRound[] = [];
  try {
    for (const open of systems) {
      const system = await open();
      if ('skipped' in system) {
        skipped.push(system);
        continue;
      }
      playing.push(system);
      await (await scene.open(system)).growTo(size);
    }
    for (let turn = 0; turn < turns; turn += 1) {
      for (const system of turn % 2 === 0 ? playing : playing.toReversed())
        rounds.push(await forwardingRound(system, { ...times, hearsAll: scene.hearsAll || system.seesAll }));
      limit.push(await rawLoop('both', scene.wireBytes, rawMs));
    }
  } finally {
    for (const system of playing) await system.close();
  }
  return { rounds, limit, skipped };
}
