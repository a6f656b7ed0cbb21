import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { formatSdp, parseSdp, type SdpMedia } from '../../bench/systems/sdp.ts';

/** What Janus 1.1.2 has said: to a publisher of VP8 and Opus, to who subscribes to that, and to the same when they look at another. */
const said = (name: string) =>
  readFileSync(new URL(`sdp/${name}.sdp`, import.meta.url), 'utf8').replaceAll('\n', '\r\n');

const MID = 'urn:ietf:params:rtp-hdrext:sdes:mid';
const LEVEL = 'urn:ietf:params:rtp-hdrext:ssrc-audio-level';
const SEQUENCE = 'http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01';
const SEND_TIME = 'http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time';

const END = { usernameFragment: 'abcd', password: 'p'.repeat(22), fingerprint: 'AB:CD' };
const CAMERA: SdpMedia = {
  kind: 'video',
  mid: '0',
  active: true,
  payloadType: 96,
  codec: 'VP8/90000',
  ssrc: 7,
  rtx: { payloadType: 97, ssrc: 8 },
  extensions: { [MID]: 4 },
};
const MICROPHONE: SdpMedia = {
  kind: 'audio',
  mid: '1',
  active: true,
  payloadType: 111,
  codec: 'opus/48000/2',
  ssrc: 9,
  extensions: {},
};

describe('what Janus says', () => {
  test('where its path is', () => {
    const { transport } = parseSdp(said('answer'));
    expect(transport).toMatchObject({
      iceParameters: { usernameFragment: 'nHbJ', password: 'SLuKI+p+Lewu18rH4mE8jk', iceLite: true },
      iceCandidates: [{ address: '192.0.2.2', port: 25703, protocol: 'udp', type: 'host' }],
      dtlsParameters: {
        role: 'server',
        fingerprints: [
          {
            algorithm: 'sha-256',
            value: 'F2:9E:A2:82:6C:64:28:F1:88:56:B6:45:36:99:5D:12:13:A3:1E:2A:E8:A4:07:F0:AE:F7:12:89:4C:EE:1C:4B',
          },
        ],
      },
    });
  });

  test.each([
    ['offer', 0, { kind: 'video', mid: '0', active: true, payloadType: 96, codec: 'VP8/90000' }],
    ['offer', 0, { ssrc: 1041429986, rtx: { payloadType: 97, ssrc: 2620508723 } }],
    ['offer', 0, { extensions: { [SEND_TIME]: 2, [SEQUENCE]: 3, [MID]: 4 } }],
    ['offer', 1, { kind: 'audio', mid: '1', active: true, payloadType: 111, codec: 'opus/48000/2', ssrc: 3197790612 }],
    ['offer', 1, { extensions: { [LEVEL]: 1, [MID]: 4 } }],
    ['changed-offer', 0, { mid: '0', active: false, rtx: { payloadType: 97 } }],
    ['changed-offer', 1, { mid: '1', active: false, payloadType: 111 }],
    ['changed-offer', 2, { mid: '2', active: true, ssrc: 3918633315 }],
    ['changed-offer', 3, { mid: '3', active: true, ssrc: 3063310484 }],
    ['answer', 0, { kind: 'video', payloadType: 96, extensions: { [MID]: 4, [SEQUENCE]: 3 } }],
    ['answer', 1, { kind: 'audio', payloadType: 111, extensions: { [MID]: 4, [LEVEL]: 1 } }],
  ])('%s, section %i: %j', (name, section, expected) => {
    expect(parseSdp(said(name)).media[section]).toMatchObject(expected);
  });

  test('a stream that is gone has no SSRC', () => {
    expect(parseSdp(said('changed-offer')).media.map(({ ssrc }) => ssrc === undefined)).toEqual([
      true,
      true,
      false,
      false,
    ]);
  });

  test.each([
    ['no ice-ufrag', /^a=ice-ufrag.*\r\n/gm, ''],
    ['no fingerprint', /^a=fingerprint.*\r\n/gm, ''],
    ['no rtpmap', /^a=rtpmap.*\r\n/gm, ''],
    ['a fingerprint by sha-1', /sha-256/g, 'sha-1'],
    ['another kind of candidate', /typ host/g, 'typ relay'],
    ['another kind of section', /^m=audio/gm, 'm=application'],
  ])('it is an error when it says: %s', (error, pattern, replacement) => {
    expect(() => parseSdp(said('answer').replace(pattern, replacement))).toThrow(error);
  });
});

describe('what an end says', () => {
  test('an offer names the streams and their retransmissions', () => {
    const lines = formatSdp([CAMERA, MICROPHONE], END, 'sendonly').split('\r\n');
    expect(lines).toEqual([
      'v=0',
      'o=- 1 1 IN IP4 127.0.0.1',
      's=-',
      't=0 0',
      'a=group:BUNDLE 0 1',
      'm=video 9 UDP/TLS/RTP/SAVPF 96 97',
      'c=IN IP4 0.0.0.0',
      'a=mid:0',
      'a=sendonly',
      'a=rtcp-mux',
      'a=ice-ufrag:abcd',
      `a=ice-pwd:${END.password}`,
      'a=fingerprint:sha-256 AB:CD',
      'a=setup:active',
      `a=extmap:4 ${MID}`,
      'a=rtpmap:96 VP8/90000',
      'a=rtcp-fb:96 nack',
      'a=rtcp-fb:96 nack pli',
      'a=rtcp-fb:96 transport-cc',
      'a=rtpmap:97 rtx/90000',
      'a=fmtp:97 apt=96',
      'a=ssrc-group:FID 7 8',
      'a=ssrc:7 cname:end',
      'a=ssrc:8 cname:end',
      'm=audio 9 UDP/TLS/RTP/SAVPF 111',
      'c=IN IP4 0.0.0.0',
      'a=mid:1',
      'a=sendonly',
      'a=rtcp-mux',
      'a=ice-ufrag:abcd',
      `a=ice-pwd:${END.password}`,
      'a=fingerprint:sha-256 AB:CD',
      'a=setup:active',
      'a=rtpmap:111 opus/48000/2',
      'a=rtcp-fb:111 transport-cc',
      'a=ssrc:9 cname:end',
      '',
    ]);
  });

  test('its answer accepts what flows, section by section, and sends nothing', () => {
    const answer = formatSdp(parseSdp(said('changed-offer')).media, END, 'recvonly');
    expect(answer.match(/^a=(recvonly|inactive)/gm)).toEqual(['a=inactive', 'a=inactive', 'a=recvonly', 'a=recvonly']);
    expect(answer).not.toMatch(/ssrc:|sendonly/);
    expect(answer.match(/^a=extmap:3 /gm)).toHaveLength(2);
  });

  test('what is said is understood as it was meant', () => {
    const offer = formatSdp([CAMERA, MICROPHONE], { ...END, fingerprint: 'EF:01' }, 'sendonly');
    const session = offer.replace('a=group', 'a=fingerprint:sha-256 EF:01\r\na=group');
    expect(parseSdp(session).media).toEqual([CAMERA, MICROPHONE]);
  });
});
