import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { PeerId } from '../../src/base/index.ts';
import { SubscribedTrack } from '../../src/client/remote-track.ts';
import type { Place, ShownTile } from '../../src/client/view.ts';
import type { Source } from '../../src/wire/index.ts';

beforeAll(() => {
  vi.stubGlobal(
    'MediaStream',
    class {
      readonly tracks: Set<unknown>;
      constructor(tracks: readonly unknown[]) {
        this.tracks = new Set(tracks);
      }
      getTracks = () => [...this.tracks];
      addTrack = (track: unknown) => this.tracks.add(track);
      removeTrack = (track: unknown) => this.tracks.delete(track);
    },
  );
});
afterAll(() => vi.unstubAllGlobals());

/** A track, and the screen that it is shown on. */
function open(source: Source = 'camera') {
  const shown = new Map<object, ShownTile | undefined>();
  const places = new Map<object, (place: Place) => void>();
  const track = new SubscribedTrack('ada' as PeerId, source, {
    watchPlace: (element, changed) => {
      places.set(element, changed);
      changed({ kind: 'visible', heightPx: 180 });
      return () => places.delete(element);
    },
    show: (element, tile) => shown.set(element, tile),
  });
  return { track, shown, places };
}

const video = () => ({ srcObject: null }) as unknown as HTMLVideoElement;
const media = { kind: 'video' } as MediaStreamTrack;
const tracksIn = ({ srcObject }: HTMLVideoElement) => (srcObject as MediaStream | null)?.getTracks();

describe('a remote track', () => {
  test.each<[Source, string]>([
    ['microphone', 'audio'],
    ['screen-audio', 'audio'],
    ['camera', 'video'],
    ['screen', 'video'],
  ])('%s is %s', (source, kind) => {
    expect(open(source).track.kind).toBe(kind);
  });

  test('says where each element shows it, until it is detached', () => {
    const { track, shown, places } = open();
    const element = video();
    track.attach(element);
    expect(shown.get(element)).toEqual({ peerId: 'ada', source: 'camera', place: { kind: 'visible', heightPx: 180 } });
    places.get(element)?.({ kind: 'near' });
    expect(shown.get(element)?.place).toEqual({ kind: 'near' });
    track.detach(element);
    expect([shown.get(element), places.size]).toEqual([undefined, 0]);
  });

  test('fills its elements when media comes', () => {
    const { track } = open();
    const [early, late] = [video(), video()];
    track.attach(early);
    expect(early.srcObject).toBeNull();
    track.receive(media);
    track.attach(late);
    expect([tracksIn(early), tracksIn(late)]).toEqual([[media], [media]]);
  });

  test('takes media that stops out of its elements, which are not loaded anew: the next comes into the same stream', () => {
    const { track } = open();
    const element = video();
    track.attach(element);
    track.receive(media);
    const stream = element.srcObject;
    track.receive(undefined);
    expect([track.mediaStreamTrack, element.srcObject, tracksIn(element)]).toEqual([undefined, stream, []]);
    const next = { kind: 'video' } as MediaStreamTrack;
    track.receive(next);
    expect([element.srcObject, tracksIn(element)]).toEqual([stream, [next]]);
    expect(tracksIn(element)?.[0]).toBe(next);
  });

  test('elements make no sound and start by themselves', () => {
    const { track } = open();
    const element = video();
    track.attach(element);
    expect(element).toMatchObject({ muted: true, autoplay: true, playsInline: true });
  });

  test('sound is attached nowhere: it is played by itself', () => {
    const { track, shown } = open('microphone');
    track.attach(video());
    expect(shown.size).toBe(0);
  });

  test('that is withdrawn leaves every element', () => {
    const { track, shown, places } = open();
    const elements = [video(), video()];
    for (const element of elements) track.attach(element);
    track.receive(media);
    track.close();
    expect(elements.map(({ srcObject }) => srcObject)).toEqual([null, null]);
    expect([places.size, [...shown.values()]]).toEqual([0, [undefined, undefined]]);
    expect(track.mediaStreamTrack).toBeUndefined();
  });
});
