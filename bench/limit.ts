/*
 * The raw loop of a server that forwards: sendmsg, AES-128-GCM, and both, on this machine. `both` is what every forwarded packet costs
 * at least as long as each is sent by itself; `both-4` and `both-8` send so many to one receiver at once, where the kernel parts them.
 * 200 receivers with a key and a socket each, read by another process.
 */
import { RAW_LOOPS, type RawRound, rawLoop } from './raw-loop.ts';
import { benchOptions, report } from './report.ts';
import { isNoisy, median, roundsOf, usPerPacket } from './rounds.ts';

/** As UDP carries them: voices, small pictures, large ones. */
const SIZES_BYTES = [80, 600, 1_200] as const;

const ROUNDS = { quick: 6, full: 20 };
const ROUND_MS = { quick: 150, full: 400 };

const CASES = SIZES_BYTES.flatMap((bytes) => RAW_LOOPS.map((loop) => ({ loop, bytes })));

const options = benchOptions();
const roundMs = options.quick ? ROUND_MS.quick : ROUND_MS.full;
const rounds: RawRound[] = [];
for (let turn = 0; turn < (options.quick ? ROUNDS.quick : ROUNDS.full); turn += 1)
  for (const { loop, bytes } of turn % 2 === 0 ? CASES : CASES.toReversed())
    rounds.push(await rawLoop(loop, bytes, roundMs));

const figures = Object.fromEntries(
  CASES.map(({ loop, bytes }) => {
    const own = roundsOf(rounds, `${loop}_${bytes}`);
    return [`us_per_packet_${loop}_${bytes}`, isNoisy(own) ? 'noisy' : median(own.map(usPerPacket))];
  }),
);
const drained = Math.min(...rounds.map(({ drained_share }) => drained_share));
report(
  'limit',
  { conditions: { receivers: 200, round_ms: roundMs }, ...figures, least_drained_share: drained, rounds },
  options,
);
