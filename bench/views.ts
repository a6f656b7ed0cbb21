/*
 * What a page costs in a room of peers who each view 9 of 60 videos: over real signaling and a real worker, without media, with a page
 * turned every four seconds. What one of them costs the server, its worker included, in a room of 50 and of 200. Who publishes is the
 * same in both: 50 cameras, 10 screens, 20 microphones. Joining costs more in a larger room by its nature (everybody is told of
 * everybody), so it is apart.
 */
import type { PeerId } from '../src/base/index.ts';
import type { Source } from '../src/sfu/index.ts';
import { inBatches } from '../test/support/in-batches.ts';
import { ServerProcess } from '../test/support/server-process.ts';
import { until } from '../test/support/until.ts';
import { ViewingPeer } from '../test/support/viewing-peer.ts';
import { cpuSecondsOf } from './cpu-time.ts';
import { benchOptions, percentile, report } from './report.ts';

const SIZES = { quick: [50, 100], full: [50, 200] } as const;
const CAMERAS = 50;
const SCREENS = 10;
const MICROPHONES = 20;
const MAX_HEARD = 10;
const TILES = 9;

const ROUNDS = { quick: 1, full: 4 };
const PAGES = { quick: 2, full: 4 };

/** Faster, and a busy machine does not serve each page: only the last view counts. */
const PAGE_MS = { quick: 2_500, full: 4_000 };

/** Turned before anything is measured, so that the code of a small room is as warm as that of a large one. */
const WARM_TURNS = { quick: 200, full: 400 };
const WARM_TURN_MS = 20;

/** Nobody was told anything for so long: all that was asked is done. */
const QUIET_MS = 500;

/** How often peers answer: a client takes longer to set up a consumer. */
const TICK_MS = 20;

/** So many come at once. */
const AT_ONCE = 10;

const options = benchOptions();
const length = options.quick ? 'quick' : 'full';

/** CPU time of the server and of its worker. */
interface Cpu {
  readonly serverMs: number;
  readonly workerMs: number;
}

interface Costs {
  readonly join: Cpu;
  readonly publish: Cpu;
  readonly open: Cpu;
  readonly page: Cpu;
  readonly turnBack: Cpu;
  readonly idle: Cpu;
  /** Consumers, while pages were turned. */
  readonly openedPaging: number;
  readonly consumers: number;
  readonly expectedConsumers: number;
}

interface Video {
  readonly peerId: PeerId;
  readonly source: Source;
}

async function spent(server: ServerProcess, work: () => Promise<void>): Promise<Cpu> {
  const [main = 0, ...workers] = server.pids;
  const read = () => ({ server: cpuSecondsOf([main]) * 1000, worker: cpuSecondsOf(workers) * 1000 });
  const before = read();
  await work();
  const after = read();
  return { serverMs: after.server - before.server, workerMs: after.worker - before.worker };
}

/** The page that starts there, of what others publish. */
function page(videos: readonly Video[], viewer: ViewingPeer, start: number): Video[] {
  return Array.from({ length: TILES + 2 }, (_, at) => videos[(start + at) % videos.length])
    .flatMap((video) => (video && video.peerId !== viewer.id ? [video] : []))
    .slice(0, TILES);
}

const show = (peer: ViewingPeer, tiles: readonly Video[], neighbours: readonly Video[] = []) =>
  peer.show({
    tiles: tiles.map((video) => ({ ...video, heightPx: 240, priority: 100 })),
    neighbours: neighbours.filter((near) => !tiles.includes(near)),
    hears: true,
  });

/** Until the server has done all that it was asked. */
async function quiet(peers: readonly ViewingPeer[]): Promise<void> {
  const told = () => peers.reduce((sum, peer) => sum + peer.told, 0);
  for (let [before, sinceMs] = [-1, 0]; performance.now() - sinceMs < QUIET_MS; ) {
    for (const peer of peers) peer.pump();
    if (told() !== before) [before, sinceMs] = [told(), performance.now()];
    await new Promise((resolve) => setTimeout(resolve, TICK_MS));
  }
}

/** Each peer acts once a page, one after another, as people do; all answer what they are told meanwhile. */
async function turnPages(
  peers: readonly ViewingPeer[],
  pages: number,
  act: (peer: number, turn: number) => void,
  pageMs = PAGE_MS[length],
) {
  const startMs = performance.now();
  let turns = 0;
  while (turns < pages * peers.length) {
    const due = Math.min(pages, (performance.now() - startMs) / pageMs) * peers.length;
    for (; turns < due; turns += 1) act(turns % peers.length, Math.floor(turns / peers.length));
    for (const peer of peers) peer.pump();
    await new Promise((resolve) => setTimeout(resolve, TICK_MS));
  }
}

async function measure(size: number, pages: number): Promise<Costs> {
  const room = `views-${size}`;
  const server = await ServerProcess.open({ CONCLAVE_LOG_LEVEL: 'warn', CONCLAVE_MAX_HEARD: `${MAX_HEARD}` });
  try {
    const tokens = await Promise.all(
      Array.from({ length: size }, async () => {
        const response = await fetch(`${server.origin}/dev/tokens`, { method: 'POST', body: JSON.stringify({ room }) });
        return ((await response.json()) as { token: string }).token;
      }),
    );
    const port = Number(new URL(server.origin).port);
    const peers: ViewingPeer[] = [];
    const join = await spent(server, async () => {
      await inBatches(tokens, AT_ONCE, async (token) => {
        peers.push(await ViewingPeer.join(port, room, token));
      });
      await quiet(peers);
    });
    const publish = await spent(server, async () => {
      await inBatches(peers.slice(0, CAMERAS), AT_ONCE, (peer) => peer.publish('camera'));
      await inBatches(peers.slice(0, SCREENS), AT_ONCE, (peer) => peer.publish('screen'));
      await inBatches(peers.slice(0, MICROPHONES), AT_ONCE, (peer) => peer.publish('microphone'));
      await quiet(peers);
    });
    const videos: Video[] = [
      ...peers.slice(0, CAMERAS).map(({ id }) => ({ peerId: id, source: 'camera' as const })),
      ...peers.slice(0, SCREENS).map(({ id }) => ({ peerId: id, source: 'screen' as const })),
    ];
    // Ten of the microphones are heard by everybody but by those ten themselves, who hear nine.
    const expectedConsumers = size * (TILES + MAX_HEARD) - MAX_HEARD;
    const consumers = () => server.metric('conclave_consumers');
    const pageOf = (index: number, turn: number) => {
      const peer = peers[index];
      return peer ? page(videos, peer, (index + turn * TILES) % videos.length) : [];
    };
    let opened = 0;
    const open = await spent(server, async () => {
      await turnPages(peers, 1, (index) => {
        const peer = peers[index];
        if (peer) show(peer, pageOf(index, 0));
      });
      opened = await until('the consumers', async () => {
        for (const peer of peers) peer.pump();
        const count = await consumers();
        return count >= expectedConsumers ? count : undefined;
      });
      await quiet(peers);
    });
    const turnTo = (index: number, turn: number) => {
      const peer = peers[index];
      if (peer) show(peer, pageOf(index, turn), pageOf(index, turn + 1));
    };
    const warmPages = WARM_TURNS[length] / size;
    await turnPages(peers, warmPages, (index, turn) => turnTo(index, turn + 1), WARM_TURN_MS * size);
    await quiet(peers);
    const turned = (act: (turn: number) => number) =>
      spent(server, async () => {
        await turnPages(peers, pages, (index, turn) => turnTo(index, act(turn)));
        await quiet(peers);
      });
    const openedBefore = peers.reduce((sum, each) => sum + each.opened, 0);
    const paged = await turned((turn) => warmPages + turn + 1);
    const openedPaging = peers.reduce((sum, each) => sum + each.opened, 0) - openedBefore;
    const turnBack = await turned((turn) => warmPages + pages + (turn % 2));
    const idle = await spent(server, () => turnPages(peers, pages, () => undefined));
    await Promise.all(peers.map((peer) => peer.close()));
    return { join, publish, open, page: paged, turnBack, idle, openedPaging, consumers: opened, expectedConsumers };
  } catch (error) {
    process.stderr.write(server.said);
    throw error;
  } finally {
    await server.close();
  }
}

const rounds = ROUNDS[length];
const pages = PAGES[length];
const sizes: readonly number[] = SIZES[length];
const measured = new Map<number, Costs[]>(sizes.map((size) => [size, []]));
for (let round = 0; round < rounds; round += 1) {
  for (const size of round % 2 === 0 ? sizes : sizes.toReversed()) measured.get(size)?.push(await measure(size, pages));
}

/** CPU of one peer, in milliseconds: for all of it, or for one page. */
function perPeer(
  size: number,
  phase: Exclude<keyof Costs, 'openedPaging' | 'consumers' | 'expectedConsumers'>,
  times = 1,
) {
  const all = (measured.get(size) ?? []).map((costs) => costs[phase]);
  const median = (values: readonly number[]) => Math.round((percentile(values, 0.5) / size / times) * 1_000) / 1_000;
  return {
    server_ms: median(all.map(({ serverMs }) => serverMs)),
    worker_ms: median(all.map(({ workerMs }) => workerMs)),
    both_ms: median(all.map(({ serverMs, workerMs }) => serverMs + workerMs)),
    rounds_ms: all.map(({ serverMs, workerMs }) => Math.round(((serverMs + workerMs) / size / times) * 100) / 100),
  };
}

const figures: Record<string, unknown> = { rounds, pages, tiles: TILES, videos: CAMERAS + SCREENS };
for (const phase of ['join', 'publish', 'open', 'page', 'turnBack', 'idle'] as const) {
  const times = phase === 'page' || phase === 'turnBack' || phase === 'idle' ? pages : 1;
  const [small, large] = sizes.map((size) => perPeer(size, phase, times));
  figures[`${phase}_per_peer_at_${sizes[0]}`] = small;
  figures[`${phase}_per_peer_at_${sizes[1]}`] = large;
  const ratio = (large?.both_ms ?? Number.NaN) / (small?.both_ms ?? Number.NaN);
  figures[`${phase}_ratio`] = Math.round(ratio * 100) / 100;
}
for (const size of sizes) {
  const [costs] = measured.get(size) ?? [];
  figures[`opened_per_page_and_peer_at_${size}`] = (measured.get(size) ?? []).map(
    ({ openedPaging }) => Math.round((openedPaging / size / pages) * 10) / 10,
  );
  figures[`consumers_at_${size}`] = `${costs?.consumers} of ${costs?.expectedConsumers}`;
}
report('views', figures, options);
