import { describe, expect, test } from 'vitest';
import type { PeerId } from '../../src/base/index.ts';
import type { CallStats } from '../../src/client/media.ts';
import type { AwaitedStream } from '../../src/client/quality-figures.ts';
import { QualityWatch } from '../../src/client/quality-watch.ts';
import type { Source } from '../../src/wire/index.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { settled } from '../support/settled.ts';

const ada = 'ada' as PeerId;

type Entry = Record<string, unknown>;

/** Two peer connections whose counts the test moves; every look asks once for both. */
function open() {
  const clock = new FakeClock();
  const inbound = new Map<string, Entry>();
  const outbound: Entry = { type: 'outbound-rtp', packetsSent: 0 };
  const remote: Entry = { type: 'remote-inbound-rtp', packetsLost: 0, roundTripTime: 0.02 };
  const streams: AwaitedStream[] = [];
  const seen = { looks: 0, joined: true, held: false, told: [] as string[] };
  const reportOf = (...entries: readonly Entry[]) =>
    new Map(entries.map((entry, index) => [String(index), structuredClone(entry)])) as unknown as RTCStatsReport;
  const watch = new QualityWatch({
    clock,
    stats: async (): Promise<CallStats | undefined> => {
      seen.looks += 1;
      return seen.joined ? { send: reportOf(outbound, remote), recv: reportOf(...inbound.values()) } : undefined;
    },
    isHeld: () => seen.held,
    awaited: () => new Map(streams.length > 0 ? [[ada, streams]] : []),
    changed: ({ peerId, quality }) => seen.told.push(`${peerId ?? 'self'} ${quality}`),
  });
  const awaits = (source: Source) => {
    streams.push({ source, trackId: source });
    const kind = source === 'camera' || source === 'screen' ? 'video' : 'audio';
    inbound.set(source, { type: 'inbound-rtp', kind, trackIdentifier: source, packetsReceived: 0, packetsLost: 0 });
  };
  /** Two seconds in which that arrived of each stream, and 100 packets left. */
  const pass = async (counts: Partial<Record<Source, { readonly received: number; readonly lost?: number }>> = {}) => {
    for (const [source, { received, lost = 0 }] of Object.entries(counts)) {
      const entry = inbound.get(source) as { packetsReceived: number; packetsLost: number; framesDecoded?: number };
      entry.packetsReceived += received;
      entry.packetsLost += lost;
      entry.framesDecoded = (entry.framesDecoded ?? 0) + received;
    }
    outbound.packetsSent = (outbound.packetsSent as number) + 100;
    clock.advance(2_000);
    await settled();
  };
  watch.begin();
  return { watch, seen, streams, remote, clock, awaits, pass };
}

describe('the quality of a person', () => {
  test('is known from the second look on, by two reports for all', async () => {
    const { watch, seen, awaits, pass } = open();
    awaits('camera');
    awaits('microphone');
    await pass({ camera: { received: 200 }, microphone: { received: 100 } });
    expect([watch.quality(ada), seen.told]).toEqual([undefined, []]);
    await pass({ camera: { received: 200 }, microphone: { received: 100 } });
    expect([watch.quality(ada), seen.told, seen.looks]).toEqual(['excellent', ['ada excellent', 'self excellent'], 2]);
  });

  test('is poor when many packets are lost, and of few there is no telling', async () => {
    const { watch, awaits, pass } = open();
    awaits('microphone');
    await pass({ microphone: { received: 100 } });
    await pass({ microphone: { received: 4, lost: 1 } });
    expect(watch.quality(ada)).toBe('excellent');
    for (const _ of [1, 2]) await pass({ microphone: { received: 80, lost: 20 } });
    expect(watch.quality(ada)).toBe('poor');
  });

  test('is lost when neither picture nor sound has come for four seconds', async () => {
    const { watch, seen, awaits, pass } = open();
    awaits('camera');
    awaits('microphone');
    for (const _ of [1, 2]) await pass({ camera: { received: 200 }, microphone: { received: 100 } });
    await pass({ microphone: { received: 100 } });
    await pass({ microphone: { received: 100 } });
    expect(watch.quality(ada)).toBe('poor'); // the picture stands still, and the voice is there
    await pass();
    expect(watch.quality(ada)).toBe('poor');
    await pass();
    expect(watch.quality(ada)).toBe('lost');
    await pass({ microphone: { received: 100 }, camera: { received: 200 } });
    expect(seen.told.filter((each) => each.startsWith('ada'))).toEqual([
      'ada excellent',
      'ada poor',
      'ada lost',
      'ada excellent',
    ]);
  });

  test('of a quiet microphone that has to wait for its turn is not lost before the server closes it', async () => {
    const { watch, awaits, pass } = open();
    awaits('microphone');
    for (const _ of [1, 2]) await pass({ microphone: { received: 100 } });
    for (const _ of [1, 2, 3, 4, 5]) await pass();
    expect(watch.quality(ada)).toBe('excellent');
    await pass();
    expect(watch.quality(ada)).toBe('lost');
  });

  test('who was out of sight, or muted, begins anew', async () => {
    const { watch, seen, streams, awaits, pass } = open();
    awaits('camera');
    for (const _ of [1, 2]) await pass({ camera: { received: 200 } });
    const [camera] = streams.splice(0);
    for (const _ of [1, 2, 3]) await pass();
    expect(watch.quality(ada)).toBeUndefined();
    streams.push(camera as AwaitedStream);
    await pass({ camera: { received: 10 } });
    await pass({ camera: { received: 200 } });
    expect(seen.told.filter((each) => each.startsWith('ada'))).toEqual([
      'ada excellent',
      'ada undefined',
      'ada excellent',
    ]);
  });
});

describe('the quality of oneself', () => {
  test('follows what the server reports', async () => {
    const { watch, seen, remote, pass } = open();
    for (const _ of [1, 2]) await pass();
    expect(watch.quality(undefined)).toBe('excellent');
    for (const lost of [10, 20]) {
      remote.packetsLost = lost;
      await pass();
    }
    expect([watch.quality(undefined), seen.told]).toEqual(['poor', ['self excellent', 'self poor']]);
  });

  test('is lost while nothing is sent, and while there is no join', async () => {
    const { watch, seen, pass } = open();
    for (const _ of [1, 2]) await pass();
    seen.held = true;
    await pass();
    expect(watch.quality(undefined)).toBe('lost');
    seen.held = false;
    await pass();
    expect(watch.quality(undefined)).toBe('excellent');
    seen.joined = false;
    await pass();
    expect(watch.quality(undefined)).toBe('lost');
  });
});

test('a watch that is closed looks no more, and does not begin again', async () => {
  const { watch, seen, clock, pass } = open();
  await pass();
  watch.close();
  watch.begin();
  await pass();
  expect([seen.looks, clock.pending]).toEqual([1, 0]);
});
