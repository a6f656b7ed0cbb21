import { describe, expect, test } from 'vitest';
import type { ProducerId } from '../../src/base/index.ts';
import { CallTraffic } from '../../src/client/call-traffic.ts';
import type { Downlink } from '../../src/client/downlink.ts';
import type { Media } from '../../src/client/media.ts';
import type { Uplink } from '../../src/client/uplink.ts';
import type { ServerMessage } from '../../src/wire/index.ts';

type Named<T> = T & { readonly name: string };

/** Everything that is done, in order: `publish over up-1`, `move`. */
function open({ listens = false }: { readonly listens?: boolean } = {}) {
  const done: string[] = [];
  let worker = 1;
  const paths = () => ({
    uplink: listens
      ? undefined
      : ({
          name: `up-${worker}`,
          layersWanted: (id: ProducerId, top: number | undefined) => done.push(`${id} up to ${top}`),
        } as unknown as Named<Uplink>),
    downlink: { name: `down-${worker}` } as unknown as Named<Downlink>,
  });
  let current = paths();
  const media = {
    joined: { peers: [] },
    get uplink() {
      return current.uplink;
    },
    get downlink() {
      return current.downlink;
    },
    moved: () => {
      worker += 1;
      current = paths();
      done.push('move');
    },
    mediaLost: () => done.push('media lost'),
    show: () => done.push('show'),
    speaks: () => done.push('speak'),
  } as unknown as Media;
  const nameOf = (path: unknown) => (typeof path === 'object' ? (path as Named<object>).name : String(path));
  const traffic = new CallTraffic({
    publisher: { bind: (outlet) => done.push(`publish over ${nameOf(outlet)}`) },
    people: {
      joined: (_, downlink) => done.push(`receive over ${nameOf(downlink)}`),
      bind: (downlink) => done.push(`receive over ${nameOf(downlink)}`),
    },
    view: { bind: (tell) => done.push(tell ? 'tell views' : 'tell no views') },
    speaking: { bind: (tell) => done.push(tell ? 'tell speech' : 'tell no speech') },
  });
  const since = () => done.splice(0);
  return { traffic, media, since };
}

const MOVED = { case: 'mediaMoved', value: {} } as unknown as ServerMessage;

describe('the traffic of a call', () => {
  test('receives in the room, and sends in the group', () => {
    const { traffic, media, since } = open();
    traffic.entered(media);
    expect(since()).toEqual(['receive over down-1']);
    traffic.begin();
    expect(since()).toEqual(['publish over up-1', 'tell views', 'tell speech']);
  });

  test('of a dead worker goes on over another: what was received lets go before, and all is in place after one step', () => {
    const { traffic, media, since } = open();
    traffic.entered(media);
    traffic.begin();
    since();
    traffic.told(MOVED);
    expect(since()).toEqual([
      'receive over undefined',
      'move',
      'receive over down-2',
      'publish over up-2',
      'tell views',
      'tell speech',
    ]);
  });

  test('of who waits in the lobby moves too, and sends nothing before it is let in', () => {
    const { traffic, media, since } = open();
    traffic.entered(media);
    traffic.told(MOVED);
    expect(since()).toEqual(['receive over down-1', 'receive over undefined', 'move', 'receive over down-2']);
    traffic.begin();
    expect(since()).toContain('publish over up-2');
  });

  test('of a listener goes one way', () => {
    const { traffic, media, since } = open({ listens: true });
    traffic.entered(media);
    traffic.begin();
    expect(since()).toEqual(['receive over down-1', 'publish over forbidden', 'tell views', 'tell no speech']);
  });

  test('what is watched of a video is for the uplink', () => {
    const { traffic, media, since } = open();
    const producerId = 'camera-1' as ProducerId;
    traffic.entered(media);
    since();
    traffic.told({ case: 'layersWanted', value: { producerId, spatialLayer: 1 } });
    traffic.told({ case: 'layersWanted', value: { producerId } });
    expect(since()).toEqual(['camera-1 up to 1', 'camera-1 up to undefined']);
  });

  test('that is lost stops, and what the server says of it then means nothing', () => {
    const { traffic, media, since } = open();
    traffic.entered(media);
    traffic.begin();
    traffic.told({ case: 'mediaLost', value: {} });
    expect(since()).toContain('media lost');
    traffic.lost();
    expect(since()).toEqual(['tell no views', 'tell no speech', 'receive over undefined', 'publish over undefined']);
    traffic.told(MOVED);
    expect([since(), traffic.media]).toEqual([[], undefined]);
  });
});
