/*
 * What it costs to carry one call on two workers: CPU time of the worker processes for each delivered packet, beside the same call on one
 * worker, in turns. Everybody sees nine people and hears three, who are spread over both workers, so that each stream is passed on through a
 * pipe once. Two cores cannot carry two full workers and those who send and receive as well: neither is full here, and the capacity of two
 * follows from what a packet costs.
 */
import { inBatches } from '../test/support/in-batches.ts';
import { capacityOfTwo } from './capacity.ts';
import { whyNoNativeProgram } from './endpoints/native-program.ts';
import { SMALL_VIDEO, VOICE } from './endpoints/stream-plan.ts';
import {
  type ForwardingRound,
  forwardingRound,
  type Measurable,
  type RoundTimes,
} from './forwarding/forwarding-round.ts';
import { benchOptions, report } from './report.ts';
import { interleaved, median, packetsPerCpuSecond, pairedRatios, ratio, roundsOf, usPerPacket } from './rounds.ts';
import { Conclave } from './systems/conclave.ts';
import type { Person } from './systems/system.ts';

const PEOPLE = { quick: 36, full: 60 };
const CAMERAS = 9;
const MICROPHONES = 3;
const KEY_FRAME_EVERY_MS = 10_000;

const ROUNDS = { quick: 6, full: 10 };
const TIMES: Readonly<Record<'quick' | 'full', RoundTimes>> = {
  quick: { warmUpMs: 500, measureMs: 1_500 },
  full: { warmUpMs: 1_000, measureMs: 5_000 },
};

/** What placement reckons for who receives nothing yet (src/sfu/placement.ts): with so many for half of the people, half fill a worker. */
const CONSUMERS_EXPECTED = 12;

/** So many handshakes at once. */
const AT_ONCE = 6;

/** At least. */
const TARGET = { capacity_factor: 1.8 };

const ONE = '1 worker';
const TWO = '2 workers';

const missing = await whyNoNativeProgram('rtp-endpoints');
if (missing) throw new Error(missing);
const options = benchOptions();
const size = options.quick ? 'quick' : 'full';
const open: Conclave[] = [];
try {
  const calls = { [ONE]: await openCall(1), [TWO]: await openCall(2) };
  const rounds: ForwardingRound[] = [];
  for (const workers of interleaved([ONE, TWO] as const, ROUNDS[size]))
    rounds.push(await forwardingRound({ ...calls[workers], name: workers }, { ...TIMES[size], hearsAll: true }));
  const conditions = { people: PEOPLE[size], cameras: CAMERAS, microphones: MICROPHONES, ...TIMES[size] };
  report('workers', { conditions, target: TARGET, pipes: await open[1]?.pipes, ...figures(rounds), rounds }, options);
} finally {
  for (const system of open) await system.close();
}

/** The call of one server; of its processes the workers. */
async function openCall(workers: number): Promise<Omit<Measurable, 'name'>> {
  const full = Math.ceil(PEOPLE[size] / workers) * CONSUMERS_EXPECTED;
  const system = await Conclave.open({ CONCLAVE_WORKERS: `${workers}`, CONCLAVE_CONSUMERS_PER_WORKER: `${full}` });
  open.push(system);
  const people: Person[] = [];
  for (let index = 0; index < PEOPLE[size]; index += 1) people.push(await system.join());
  // Every so many, so that they are on both workers.
  const cameras = people.filter((_, index) => index % Math.floor(PEOPLE[size] / CAMERAS) === 0).slice(0, CAMERAS);
  for (const [index, person] of cameras.entries()) {
    const video = { ...SMALL_VIDEO, keyFrameEveryMs: KEY_FRAME_EVERY_MS };
    const speaks = index % (CAMERAS / MICROPHONES) === 0;
    await person.publish(speaks ? [video, VOICE] : [video]);
  }
  await inBatches(people, AT_ONCE, (person) => person.subscribe(cameras.filter((other) => other !== person)));
  return { endpoints: system.endpoints, pids: system.pids.slice(1) };
}

function figures(rounds: readonly ForwardingRound[]): Record<string, unknown> {
  const [one, two] = [roundsOf(rounds, ONE), roundsOf(rounds, TWO)];
  const { factor, untilTheBusierIsFull } = capacityOfTwo(one, two);
  return {
    ...costs('on_1', one),
    ...costs('on_2', two),
    ratio_2_vs_1: ratio(two, one),
    ratio_2_vs_1_rounds: pairedRatios(two, one),
    capacity_factor: factor,
    capacity_factor_until_the_busier_is_full: untilTheBusierIsFull,
  };
}

function costs(name: string, rounds: readonly ForwardingRound[]): Record<string, unknown> {
  return {
    [`us_per_packet_${name}`]: median(rounds.map(usPerPacket)),
    [`us_per_packet_${name}_rounds`]: rounds.map(usPerPacket),
    [`packets_per_cpu_second_${name}`]: median(rounds.map(packetsPerCpuSecond)),
    [`packets_per_second_${name}`]: median(rounds.map(({ packets, seconds }) => packets / seconds)),
    [`delivered_share_${name}_least`]: Math.min(...rounds.map((round) => round.delivered_share)),
    [`generator_saturated_rounds_${name}`]: rounds.filter((round) => round.generator_saturated).length,
    [`delay_p50_ms_${name}`]: median(rounds.map((round) => round.delay_p50_ms)),
    [`delay_p99_ms_${name}`]: median(rounds.map((round) => round.delay_p99_ms)),
  };
}
