import { describe, expect, test } from 'vitest';
import type { ConsumerId, MemberId, PeerId, ProducerId } from '../../src/base/index.ts';
import type { Downlink } from '../../src/client/downlink.ts';
import { Pending } from '../../src/client/pending.ts';
import { Subscriber } from '../../src/client/subscriber.ts';
import type { Source } from '../../src/wire/index.ts';
import { recordedLog } from '../support/recorded-log.ts';
import { settled } from '../support/settled.ts';

const ada = 'ada' as PeerId;
const memberOf = (peerId: PeerId) => `member-${peerId}` as MemberId;

/** A way from the server that says what goes on: `ready c1`, `closed c1`. */
class FakeDownlink implements Downlink {
  readonly said: string[] = [];
  /** Consume waits for this. */
  answer: Promise<void> = Promise.resolve();
  readonly owners: MemberId[] = [];
  closing: () => void = () => undefined;
  async consume({ consumerId }: { readonly consumerId: ConsumerId }, from: MemberId) {
    this.owners.push(from);
    await this.answer;
    return {
      track: { id: consumerId as string } as MediaStreamTrack,
      close: () => {
        this.closing();
        this.said.push(`closed ${consumerId}`);
      },
    };
  }
  ready(consumerId: ConsumerId): void {
    this.said.push(`ready ${consumerId}`);
  }
}

function open() {
  const heard: string[] = [];
  const members: { of(peerId: PeerId): Promise<MemberId | undefined> } = { of: async (peerId) => memberOf(peerId) };
  const log = recordedLog();
  const subscriber = new Subscriber({
    screen: { watchPlace: () => () => undefined, show: () => undefined },
    playAudio: ({ id }) => {
      heard.push(`play ${id}`);
      return () => heard.push(`stop ${id}`);
    },
    memberOf: (peerId) => members.of(peerId),
    log,
  });
  const downlink = new FakeDownlink();
  subscriber.bind(downlink);
  return { subscriber, downlink, heard, log, members };
}

const opened = (consumerId: string, source: Source = 'camera', peerId = ada) => ({
  consumerId: consumerId as ConsumerId,
  producerId: 'p1' as ProducerId,
  peerId,
  source,
  kind: source === 'camera' ? ('video' as const) : ('audio' as const),
  rtpParameters: {} as never,
});
const news = (kind: 'published' | 'unpublished' | 'muted' | 'unmuted', muted = false) => ({
  kind,
  peerId: ada,
  publication: { producerId: 'p1' as ProducerId, source: 'camera' as const, muted },
});

describe('a subscriber', () => {
  test('lets a consumer flow when it has a receiver, into the track of its peer and source', async () => {
    const { subscriber, downlink } = open();
    const track = subscriber.follow(news('published'));
    await subscriber.consumerOpened(opened('c1'));
    expect(downlink.said).toEqual(['ready c1']);
    expect(subscriber.track(ada, 'camera')).toBe(track);
    expect(track.mediaStreamTrack).toMatchObject({ id: 'c1' });
    subscriber.consumerClosed('c1' as ConsumerId);
    expect([track.mediaStreamTrack, downlink.said.at(-1)]).toEqual([undefined, 'closed c1']);
  });

  test('media is taken off the screen before its consumer closes: an element keeps the last picture of what has not ended', async () => {
    const { subscriber, downlink } = open();
    const track = subscriber.follow(news('published'));
    await subscriber.consumerOpened(opened('c1'));
    const shownAtClose: unknown[] = [];
    downlink.closing = () => shownAtClose.push(track.mediaStreamTrack);
    subscriber.consumerClosed('c1' as ConsumerId);
    expect(shownAtClose).toEqual([undefined]);
  });

  test('plays sound while it is consumed', async () => {
    const { subscriber, heard } = open();
    await subscriber.consumerOpened(opened('c1', 'microphone'));
    subscriber.consumerClosed('c1' as ConsumerId);
    expect(heard).toEqual(['play c1', 'stop c1']);
  });

  test('a consumer that closes while it is being set up never flows', async () => {
    const { subscriber, downlink } = open();
    const answer = new Pending<void>();
    downlink.answer = answer.promise;
    const setUp = subscriber.consumerOpened(opened('c1', 'microphone'));
    await settled();
    subscriber.consumerClosed('c1' as ConsumerId);
    answer.resolve();
    await setUp;
    expect(downlink.said).toEqual(['closed c1']);
    expect(subscriber.track(ada, 'microphone')).toBeUndefined();
  });

  test('one that the browser cannot set up is logged, and disturbs no other', async () => {
    const { subscriber, downlink, log } = open();
    downlink.answer = Promise.reject(new Error('no codec'));
    await subscriber.consumerOpened(opened('c1'));
    downlink.answer = Promise.resolve();
    await subscriber.consumerOpened(opened('c2'));
    expect(log.lines.map(({ event }) => event)).toEqual(['consumer not set up']);
    expect(downlink.said).toEqual(['ready c2']);
  });

  test('a peer that leaves takes its consumers along, and nobody else’s', async () => {
    const { subscriber, downlink } = open();
    await subscriber.consumerOpened(opened('c1'));
    await subscriber.consumerOpened(opened('c2', 'microphone'));
    await subscriber.consumerOpened(opened('c3', 'camera', 'bob' as PeerId));
    subscriber.peerLeft(ada);
    expect(downlink.said.filter((each) => each.startsWith('closed'))).toEqual(['closed c1', 'closed c2']);
  });

  test('tracks outlive a path that broke; what came over it is gone', async () => {
    const { subscriber, downlink } = open();
    const track = subscriber.follow(news('published'));
    await subscriber.consumerOpened(opened('c1'));
    const next = new FakeDownlink();
    subscriber.bind(next);
    expect([track.mediaStreamTrack, downlink.said.at(-1)]).toEqual([undefined, 'closed c1']);
    await subscriber.consumerOpened(opened('c2'));
    expect(subscriber.track(ada, 'camera')).toBe(track);
    expect(track.mediaStreamTrack).toMatchObject({ id: 'c2' });
  });

  test('without a path nothing is consumed', async () => {
    const { subscriber, downlink } = open();
    subscriber.bind(undefined);
    await subscriber.consumerOpened(opened('c1'));
    expect(downlink.said).toEqual([]);
  });

  test('a track says whether it is muted, and is another one when it is published again', () => {
    const { subscriber } = open();
    const track = subscriber.follow(news('published', true));
    expect(track.muted).toBe(true);
    expect(subscriber.follow(news('unmuted'))).toBe(track);
    expect(track.muted).toBe(false);
    expect(subscriber.follow(news('unpublished'))).toBe(track);
    expect(subscriber.track(ada, 'camera')).toBeUndefined();
    expect(subscriber.follow(news('published'))).not.toBe(track);
  });

  test('a consumer waits until its peer is a member, and opens frames of that member only', async () => {
    const { subscriber, downlink, members } = open();
    const answer = new Pending<MemberId | undefined>();
    members.of = () => answer.promise;
    const setUp = subscriber.consumerOpened(opened('c1'));
    expect(downlink.owners).toEqual([]);
    answer.resolve(memberOf(ada));
    await setUp;
    expect([downlink.owners, downlink.said]).toEqual([['member-ada'], ['ready c1']]);
  });

  test('that of a peer who never was one is not set up', async () => {
    const { subscriber, downlink, members } = open();
    members.of = async () => undefined;
    await subscriber.consumerOpened(opened('c1'));
    expect([downlink.owners, downlink.said]).toEqual([[], []]);
  });
});
