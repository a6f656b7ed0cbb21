/*
 * What a forwarded packet costs the server, and where one worker is full: one video to many, calls of everybody with everybody, and three
 * voices to many. Conclave, mediasoup's stock settings and Debian's Janus take turns in one run, with the raw loop of sending and
 * sealing between. CPU time is that of the server's processes; the ends are native, and answer as browsers do, but ask for nothing again.
 */
import { fileURLToPath } from 'node:url';
import { whyNoNativeProgram } from './endpoints/native-program.ts';
import { forwardingRound, type RoundTimes } from './forwarding/forwarding-round.ts';
import { climb, delayRatio, type Knee, sizesBetween } from './forwarding/knee.ts';
import { ONE_TO_MANY, SCENES, type Scene } from './forwarding/scene.ts';
import { doubtsOf, sceneFigures } from './forwarding/scene-figures.ts';
import { type Turns, takeTurns } from './forwarding/turns.ts';
import { benchOptions, report } from './report.ts';
import { Conclave } from './systems/conclave.ts';
import { openJanus } from './systems/janus.ts';
import { Mediasoup } from './systems/mediasoup.ts';
import { runMediasoup } from './systems/mediasoup-process.ts';
import type { OpenSystem } from './systems/system.ts';

const SYSTEMS: readonly OpenSystem[] = [
  () => Conclave.open(),
  () => Mediasoup.open(fileURLToPath(import.meta.url)),
  openJanus,
];

const TURNS = { quick: 2, full: 8 };
const TIMES: Readonly<Record<'quick' | 'full', RoundTimes>> = {
  quick: { warmUpMs: 400, measureMs: 700 },
  full: { warmUpMs: 2_000, measureMs: 5_000 },
};
const RAW_MS = { quick: 150, full: 400 };

/** Receivers of one video. A quick run only looks whether we can serve so many. */
const QUICK_SIZES = [100, 200];

if (process.send) await runMediasoup();
else await bench();

async function bench(): Promise<void> {
  const options = benchOptions();
  const length = options.quick ? 'quick' : 'full';
  const missing = await whyNoNativeProgram('rtp-endpoints');
  if (missing) throw new Error(missing);

  const played = new Map<Scene, Turns>();
  for (const scene of SCENES) {
    const size = scene.size[length];
    if (size === undefined) continue;
    const turns = { size, turns: TURNS[length], times: TIMES[length], rawMs: RAW_MS[length] };
    played.set(scene, await takeTurns(scene, { systems: SYSTEMS, ...turns }));
  }
  const knees: Record<string, Record<string, Knee>> = {};
  for (const scene of SCENES) knees[scene.name] = await kneesOf(scene, length);

  const skipped = new Map(
    [...played.values()].flatMap((turns) => turns.skipped.map((each) => [each.name, each.skipped])),
  );
  for (const line of skipped.values()) process.stderr.write(`skipped: ${line}\n`);
  const figures = [...played].map(([scene, { rounds, limit }]) => ({ scene, ...sceneFigures(rounds, limit) }));
  const headline = figures.find(({ scene }) => scene === ONE_TO_MANY);
  report(
    'forwarding',
    {
      conditions: {
        srtp: 'AEAD_AES_128_GCM',
        sizes: Object.fromEntries([...played.keys()].map(({ name, size }) => [name, size[length]])),
        turns: TURNS[length],
        ...TIMES[length],
      },
      skipped: [...skipped.values()],
      doubts: figures.flatMap(({ scene, ...each }) => doubtsOf(scene.name, each)),
      ...headline?.systems.conclave,
      ...Object.fromEntries([...skipped.keys()].map((name) => [`ratio_vs_${name}`, 'skipped'])),
      ...headline?.ratios,
      ...Object.fromEntries(
        figures.map(({ scene, systems, ratios }) => [scene.name, { size: scene.size[length], ...systems, ...ratios }]),
      ),
      delay_p99_ratio_vs_janus_at_usual_load: delayRatio(knees.one_to_many?.conclave, knees.one_to_many?.janus),
      knees,
      rounds: [...played].flatMap(([{ name }, { rounds, limit }]) =>
        [...rounds, ...limit].map((round) => ({ scene: name, ...round })),
      ),
    },
    options,
  );
}

/** Ours in each scene that grows, and of one to many everybody's. */
async function kneesOf(scene: Scene, length: 'quick' | 'full'): Promise<Record<string, Knee>> {
  const knees: Record<string, Knee> = {};
  const isFirst = scene === ONE_TO_MANY;
  if (!scene.climbs || (length === 'quick' && !isFirst)) return knees;
  const sizes = length === 'quick' ? QUICK_SIZES : sizesBetween(scene.climbs.from, scene.climbs.to);
  for (const open of isFirst && length === 'full' ? SYSTEMS : SYSTEMS.slice(0, 1)) {
    const system = await open();
    if ('skipped' in system) continue;
    try {
      const stage = await scene.open(system);
      knees[system.name] = await climb(sizes, async (size) => {
        await stage.growTo(size);
        return forwardingRound(system, { ...TIMES[length], hearsAll: scene.hearsAll });
      });
    } finally {
      await system.close();
    }
  }
  return knees;
}
