import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { MemberId, SessionId } from '../../src/base/index.ts';
import type { Sfu } from '../../src/sfu/index.ts';
import {
  type ClientMessage,
  decodeClientFrame,
  decodeServerFrame,
  encodeClientFrame,
  encodeServerBody,
  joinServerFrame,
  type SentClientMessage,
  type SentServerMessage,
} from '../../src/wire/index.ts';
import { joinPeer, openSfu } from '../support/open-sfu.ts';
import { browserRtpCapabilities, opusRtpParameters, simulcastRtpParameters } from '../support/rtp-fixtures.ts';
import { until } from '../support/until.ts';

let sfu: Sfu;
beforeAll(async () => {
  sfu = await openSfu();
});
afterAll(() => sfu.close());

/** To a client and back, as the wire checks it. */
const travelled = (body: SentServerMessage) => decodeServerFrame(joinServerFrame(0, 1, encodeServerBody(body))).body;

function sent<Case extends ClientMessage['case']>(body: SentClientMessage & { case: Case }) {
  return decodeClientFrame(encodeClientFrame(1, body)).body as Extract<ClientMessage, { case: Case }>;
}

describe('the SFU and the protocol', () => {
  test('every fact and every answer can be sent as it is, and arrives whole', async () => {
    const ada = await joinPeer(sfu, 'room');
    const bob = await joinPeer(sfu, 'room');
    const microphone = await ada.peer.produce('microphone', opusRtpParameters('0'), { paused: false });
    await ada.peer.produce('camera', simulcastRtpParameters('1'), { paused: false });
    await ada.peer.setProducerPaused(microphone, { paused: true });
    await ada.peer.setProducerPaused(microphone, { paused: false });
    bob.peer.setView({ tiles: [{ peerId: ada.id, source: 'camera', heightPx: 360, priority: 5 }], hears: true });
    await until('two consumers', () => bob.told('consumerOpened').length === 2);
    ada.peer.closeProducer(microphone);
    ada.peer.leave();

    const names = bob.facts.map((fact) => {
      expect(travelled(fact)?.case).toBe(fact.case);
      return fact.case;
    });
    expect(new Set(names)).toEqual(
      new Set([
        'producerOpened',
        'producerPaused',
        'producerResumed',
        'consumerOpened',
        'consumerClosed',
        'producerClosed',
        'peerLeft',
      ]),
    );
    const { id: peerId, roster, sendTransport, recvTransport } = bob.peer;
    const door = { moderator: true, locked: false };
    const joined = {
      peerId,
      memberId: 'member' as MemberId,
      ...door,
      peers: [...roster],
      sendTransport,
      recvTransport,
    };
    expect(travelled({ case: 'joined', value: joined })).toMatchObject({
      case: 'joined',
      value: {
        peerId,
        peers: roster,
        sendTransport: { id: sendTransport?.id },
        recvTransport: { id: recvTransport.id },
      },
    });
    const resumption = { sessionId: 's' as SessionId, resumeSecret: new Uint8Array(32), resumeWindowMs: 1 };
    const hello = { routerRtpCapabilities: sfu.routerRtpCapabilities, idleTimeoutMs: 1, ...resumption };
    expect(travelled({ case: 'hello', value: hello })).toMatchObject({ value: hello });
    const [consumer] = bob.told('consumerOpened');
    if (!consumer) throw new Error('no consumer');
    expect(travelled({ case: 'consumerOpened', value: consumer })).toMatchObject({
      value: { rtpParameters: { mid: consumer.rtpParameters.mid, encodings: consumer.rtpParameters.encodings } },
    });
  });

  test('what clients send is taken as it arrives', async () => {
    const rtpCapabilities = browserRtpCapabilities();
    const join = sent({ case: 'join', value: { roomId: 'wire' as never, rtpCapabilities } });
    const ada = await joinPeer(sfu, 'wire', join.value);
    const bob = await joinPeer(sfu, 'wire', join.value);
    const rtpParameters = simulcastRtpParameters();
    const { value } = sent({ case: 'produce', value: { source: 'camera', rtpParameters, paused: false } });
    await ada.peer.produce(value.source, value.rtpParameters, value);
    const tiles = [{ peerId: ada.id, source: 'camera' as const, heightPx: 360, priority: 5 }];
    bob.peer.setView(sent({ case: 'view', value: { tiles, hears: true } }).value);
    await until('a consumer', () => bob.told('consumerOpened').length === 1);
  });
});
