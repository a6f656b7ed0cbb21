import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { nativeProgram } from './endpoints/native-program.ts';
import type { Round } from './rounds.ts';

/** What `bench/native/limit.cpp` measures. The last of them send several packets to one receiver in one call. */
export const RAW_LOOPS = ['seal', 'send', 'both', 'both-4', 'both-8'] as const;
export type RawLoop = (typeof RAW_LOOPS)[number];

export interface RawRound extends Round {
  /** Sent: what nobody reads has cost the sender the same. */
  readonly packets: number;
  /** Of what was sent, what another process has read; nothing is sent by `seal`. */
  readonly drained_share: number;
}

/** One round of a raw loop over packets of so many bytes, in a process of its own. */
export async function rawLoop(loop: RawLoop, bytes: number, durationMs: number): Promise<RawRound> {
  const program = await nativeProgram('limit');
  const { stdout } = await promisify(execFile)(program, [loop, `${bytes}`, `${durationMs}`]);
  const { packets, cpuSeconds, drained } = JSON.parse(stdout) as Record<'packets' | 'cpuSeconds' | 'drained', number>;
  return { system: `${loop}_${bytes}`, packets, cpuSeconds, drained_share: loop === 'seal' ? 1 : drained / packets };
}
