import { inBatches } from '../../test/support/in-batches.ts';
import { LARGE_VIDEO, SMALL_VIDEO, type StreamShape, VOICE } from '../endpoints/stream-plan.ts';
import type { Person, System } from '../systems/system.ts';

/** Who sends what to whom, in a room that grows. */
export interface Scene {
  readonly name: string;
  /** Receivers, or people who do both: below what one worker can, so that its costs are measured and not its limit. Too long for a quick run when absent. */
  readonly size: { readonly quick?: number; readonly full: number };
  /** Sizes between which a full run looks for where a worker is full; it does not when absent. */
  readonly climbs?: { readonly from: number; readonly to: number };
  /** Whether all that speak are heard by all; where more do than a server lets be heard, only the loudest. */
  readonly hearsAll: boolean;
  /** What UDP carries in most of its packets, for the raw loop beside it. */
  readonly wireBytes: number;
  /** The room of that system, with those in it who send whatever its size. */
  open(system: System): Promise<Stage>;
}

/** A room that can be made larger: to so many receivers, or people who do both. */
export interface Stage {
  growTo(size: number): Promise<void>;
}

const KEY_FRAME_EVERY_MS = 10_000;

/** On a page of a large screen: 5 x 5. */
const TILES = 25;

const SPEAKERS = 3;

/** As conversations are: a few speak, the others are heard faintly. Each has a level of its own, so that it is clear who is loudest. */
const levelDbov = (index: number) => -20 - Math.min(index, 70);

/** So many handshakes at once: each costs this process milliseconds. */
const AT_ONCE = 10;

/** With the RTP header, its extensions and the tag of SRTP. */
const RTP_BYTES = 44;

export const ONE_TO_MANY: Scene = {
  name: 'one_to_many',
  size: { quick: 50, full: 200 },
  climbs: { from: 60, to: 1_200 },
  hearsAll: true,
  wireBytes: LARGE_VIDEO.payloadBytes + RTP_BYTES,
  open: async (system) => {
    const sender = await system.join();
    await sender.publish([{ ...LARGE_VIDEO, keyFrameEveryMs: KEY_FRAME_EVERY_MS }]);
    return receivers(async () => (await system.join()).subscribe([sender]));
  },
};

/** Everybody shows and speaks to everybody, and looks at no more than a page. */
const CALL: Scene = {
  name: 'call',
  size: { quick: 12, full: 24 },
  climbs: { from: 24, to: 150 },
  hearsAll: false,
  wireBytes: SMALL_VIDEO.payloadBytes + RTP_BYTES,
  open: async (system) => everybody(system, { video: SMALL_VIDEO, voice: VOICE }),
};

/**
 * The same with a hundred people: where all see all, no worker here could carry that, so that everybody sends a trickle. Who gets what of whom is as it
 * would be, and so is what servers pay for streams that they keep from people.
 */
const CROWD: Scene = {
  name: 'crowd',
  size: { full: 100 },
  hearsAll: false,
  wireBytes: SMALL_VIDEO.payloadBytes + RTP_BYTES,
  open: async (system) =>
    everybody(system, {
      video: { ...SMALL_VIDEO, framesPerSecond: 3 },
      voice: { ...VOICE, framesPerSecond: 5 },
    }),
};

const AUDIO: Scene = {
  name: 'audio',
  size: { quick: 60, full: 500 },
  climbs: { from: 300, to: 1_500 },
  hearsAll: true,
  wireBytes: VOICE.payloadBytes + RTP_BYTES,
  open: async (system) => {
    const speakers: Person[] = [];
    for (let index = 0; index < SPEAKERS; index += 1) {
      const speaker = await system.join();
      await speaker.publish([{ ...VOICE, levelDbov: levelDbov(index) }]);
      speakers.push(speaker);
    }
    return receivers(async () => (await system.join()).subscribe(speakers));
  },
};

export const SCENES: readonly Scene[] = [ONE_TO_MANY, CALL, CROWD, AUDIO];

/** A room in which all send both and receive the others. */
function everybody(
  system: System,
  { video, voice }: { readonly video: StreamShape; readonly voice: StreamShape },
): Stage {
  const people: Person[] = [];
  return {
    growTo: async (size) => {
      await inBatches(indicesBetween(people.length, size), AT_ONCE, async (index) => {
        const person = await system.join();
        const own = { ...voice, levelDbov: levelDbov(index) };
        await person.publish([{ ...video, keyFrameEveryMs: KEY_FRAME_EVERY_MS }, own]);
        people.push(person);
      });
      const subscribe = async (index: number) => people[index]?.subscribe(seenBy(people, index, system));
      await inBatches(indicesBetween(0, size), AT_ONCE, subscribe);
    },
  };
}

/** Everybody else where all see all, else a page of them that begins behind oneself. */
function seenBy(people: readonly Person[], index: number, { seesAll }: System): Person[] {
  const others = [...people.slice(index + 1), ...people.slice(0, index)];
  return seesAll ? others : others.slice(0, TILES);
}

function receivers(add: () => Promise<void>): Stage {
  let size = 0;
  return {
    growTo: async (wanted) => {
      await inBatches(indicesBetween(size, wanted), AT_ONCE, add);
      size = wanted;
    },
  };
}

/** From the first, without the last. */
function indicesBetween(from: number, to: number): number[] {
  return Array.from({ length: Math.max(0, to - from) }, (_, at) => from + at);
}
