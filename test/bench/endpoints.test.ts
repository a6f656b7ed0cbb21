import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Endpoints } from '../../bench/endpoints/endpoints.ts';
import { whyNoNativeProgram } from '../../bench/endpoints/native-program.ts';
import { LARGE_VIDEO, type StreamPlan, VOICE } from '../../bench/endpoints/stream-plan.ts';
import { packetOf, readRtcp } from '../bot/rtcp.ts';
import { type MasterKey, Srtp } from '../bot/srtp.ts';
import { headerExtension, isRtcp, parseRtpPacket, writeRtpPacket } from '../support/rtp-packet.ts';
import { until } from '../support/until.ts';
import { PeerSocket } from './peer-socket.ts';
import { readFeedback } from './read-feedback.ts';

const missing = await whyNoNativeProgram('rtp-endpoints');
if (missing) process.stderr.write(`skipped: ${missing}\n`);

const OWN: MasterKey = { key: Buffer.alloc(16, 1), salt: Buffer.alloc(12, 2) };
const SERVER: MasterKey = { key: Buffer.alloc(16, 3), salt: Buffer.alloc(12, 4) };

const VIDEO: StreamPlan = { ...LARGE_VIDEO, ssrc: 7, payloadType: 96 };
const TRANSPORT_SEQUENCE_ID = 5;

/** As `bench/native/stamp.hpp` has it, of a packet that begins its frame or ends it. */
function stamp({ begins = false, ends = false } = {}): Buffer {
  const bytes = Buffer.alloc(16);
  bytes.writeUInt32BE(0x5ead50d5, 0);
  bytes[4] = (begins ? 0x80 : 0) | (ends ? 0x40 : 0);
  bytes.writeBigUInt64BE(process.hrtime.bigint(), 8);
  return bytes;
}

function audioPacket(ssrc: number, sequence: number): Buffer {
  const payload = Buffer.concat([stamp(), Buffer.alloc(64)]);
  const number = Buffer.alloc(2);
  number.writeUInt16BE(sequence);
  const fields = { ssrc, sequence, timestamp: sequence * 960, marker: false, payloadType: 111, payload };
  return writeRtpPacket(fields, [[TRANSPORT_SEQUENCE_ID, number]]);
}

describe.skipIf(missing !== undefined)('native endpoints', () => {
  let endpoints: Endpoints;

  beforeEach(async () => {
    endpoints = await Endpoints.open();
  });

  afterEach(() => endpoints.close());

  async function secured(server = SERVER) {
    const endpoint = await endpoints.openEndpoint({ secured: true });
    const peer = await PeerSocket.open(endpoint);
    endpoint.secure({ own: OWN, server });
    return { endpoint, peer };
  }

  /** The counts once so many packets have come, whatever became of them. */
  const arrived = (packets: number) =>
    until(`${packets} packets`, async () => {
      const arrivals = await endpoints.report();
      const { receivedAudio, duplicates, others } = arrivals;
      return receivedAudio + duplicates + others >= packets ? arrivals : undefined;
    });

  test('what they send is what another implementation opens, and as many packets as they say', async () => {
    const { endpoint, peer } = await secured();
    endpoint.stream({ ...VIDEO, mid: 'v', extensions: { mid: 4, transportSequence: 3 } });
    endpoint.stream({ ...VOICE, ssrc: 8, payloadType: 111, levelDbov: -30, extensions: { audioLevel: 1 } });
    endpoints.measure();
    endpoints.setSending({ on: true });
    await pause(500);
    endpoints.setSending({ on: false });
    const sent = await endpoints.report();
    const srtp = new Srtp(OWN);
    await until('all has come', () => peer.received.length >= sent.sentVideo + sent.sentAudio);
    const opened = peer.received.flatMap((datagram) => (isRtcp(datagram) ? [] : [srtp.openRtp(datagram)]));
    expect(opened).not.toContain(undefined);
    const packets = opened.flatMap((bytes) => {
      const packet = bytes && parseRtpPacket(bytes);
      return packet ? [{ ...packet, bytes }] : [];
    });
    const video = packets.filter(({ ssrc }) => ssrc === 7);
    const audio = packets.filter(({ ssrc }) => ssrc === 8);
    expect(video).toHaveLength(sent.sentVideo);
    expect(audio).toHaveLength(sent.sentAudio);
    expect(video.length).toBeGreaterThanOrEqual(5 * 10); // 15 frames in half a second, fewer on a busy machine
    const [first] = video;
    expect(video.map(({ sequence }) => sequence)).toEqual(video.map((_, at) => (first?.sequence ?? 0) + at));
    expect(video.map(({ marker }) => marker)).toEqual(video.map((_, at) => at % 5 === 4));
    expect(video.every(({ payload }) => payload.length === LARGE_VIDEO.payloadBytes)).toBe(true);
    expect(video.map(({ bytes }) => headerExtension(bytes, 3)?.readUInt16BE())).toEqual(video.map((_, at) => at));
    expect(video.every(({ bytes }) => headerExtension(bytes, 4)?.toString() === 'v')).toBe(true);
    expect(audio.every(({ bytes }) => headerExtension(bytes, 1)?.[0] === (0x80 | 30))).toBe(true);
    peer.close();
  });

  test('a key frame comes first, and again when it is asked for', async () => {
    const { endpoint, peer } = await secured();
    endpoint.stream(VIDEO);
    endpoints.setSending({ on: true });
    const srtp = new Srtp(OWN);
    const keyFrames = () =>
      peer.received.filter((datagram) => {
        const bytes = isRtcp(datagram) ? undefined : srtp.openRtp(datagram);
        const payload = bytes && parseRtpPacket(bytes)?.payload;
        return payload?.[0] === 0x90 && ((payload[6] ?? 1) & 1) === 0; // RFC 7741: begins, and RFC 6386: a key frame
      }).length;
    await until('frames', () => peer.received.length >= 5 * 15);
    expect(keyFrames()).toBe(1);
    const pictureLoss = packetOf(206, 1, 8);
    pictureLoss.writeUInt32BE(VIDEO.ssrc, 8);
    await peer.send(new Srtp(SERVER).protectRtcp(pictureLoss));
    await until('another key frame', () => keyFrames() === 2);
    expect((await endpoints.report()).keyFrameRequests).toBe(1);
    peer.close();
  });

  test('a stream plays a script packet by packet, and goes on with its next frame after a pause', async () => {
    const { endpoint, peer } = await secured();
    const packets = [
      { afterUs: 0, payloadBytes: 300, ends: false },
      { afterUs: 0, payloadBytes: 301, ends: true },
      { afterUs: 7_000, payloadBytes: 500, ends: false },
      { afterUs: 9_000, payloadBytes: 501, ends: true },
    ];
    endpoint.stream(VIDEO);
    endpoint.play(VIDEO.ssrc, { periodUs: 20_000, packets });
    const srtp = new Srtp(OWN);
    for (let start = 0; start < 5; start += 1) {
      endpoints.measure();
      endpoints.setSending({ on: true });
      await pause(100 + start);
      endpoints.setSending({ on: false });
      const { sentVideo } = await endpoints.report();
      await until('all has come', () => peer.received.length >= sentVideo);
      const played = peer.received.splice(0).flatMap((datagram) => {
        const bytes = isRtcp(datagram) ? undefined : srtp.openRtp(datagram);
        return (bytes && parseRtpPacket(bytes)) ?? [];
      });
      expect(played.length).toBeGreaterThan(2 * packets.length); // 20 in 100 ms, fewer on a busy machine
      const sizes = played.map(({ payload }) => payload.length);
      const from = packets.findIndex(({ payloadBytes }) => payloadBytes === sizes[0]);
      expect([0, 2]).toContain(from); // a frame's first
      const expected = played.map((_, at) => packets[(from + at) % packets.length]);
      expect(sizes).toEqual(expected.map((packet) => packet?.payloadBytes));
      expect(played.map(({ marker }) => marker)).toEqual(expected.map((packet) => packet?.ends));
      const frameMs = (size: number) => (played.find(({ payload }) => payload.length === size)?.timestamp ?? 0) / 90;
      expect(frameMs(301)).toBe(frameMs(300));
      expect(frameMs(501)).toBe(frameMs(500));
      expect((frameMs(500) - frameMs(300) + 20) % 20).toBe(7);
    }
    peer.close();
  });

  test('delays are told apart: first and last packets of a frame, and voices', async () => {
    const { endpoint, peer } = await secured();
    endpoint.expect({ ssrc: 1, kind: 'video' });
    endpoint.expect({ ssrc: 2, kind: 'audio' });
    endpoints.measure();
    await endpoints.settled();
    const srtp = new Srtp(SERVER);
    const [first, last] = [stamp({ begins: true }), stamp({ ends: true })];
    const send = async (sequence: number, block: Buffer) => {
      const payload = Buffer.concat([Buffer.alloc(16), block]);
      const fields = { ssrc: 1, sequence, timestamp: 0, marker: sequence === 2, payloadType: 96, payload };
      await peer.send(srtp.protectRtp(writeRtpPacket(fields, [])));
    };
    await send(1, first);
    await pause(60);
    await send(2, last);
    await pause(60);
    await peer.send(srtp.protectRtp(audioPacket(2, 1)));
    const arrivals = await until('all three', async () => {
      const counted = await endpoints.report();
      return counted.receivedVideo === 2 && counted.receivedAudio === 1 ? counted : undefined;
    });
    expect(arrivals.lastP50Ms - arrivals.firstP50Ms).toBeGreaterThan(50); // sent 60 ms later, stamped at the same time
    expect(arrivals.lastP50Ms - arrivals.voiceP50Ms).toBeGreaterThan(0);
    expect(arrivals.delayMaxMs).toBe(arrivals.lastP95Ms);
    expect(arrivals.receivedEver).toBe(3);
    peer.close();
  });

  test('they count what came, what came twice and what is missing, on each stream', async () => {
    const { endpoint, peer } = await secured();
    for (const ssrc of [1_001, 1_002, 1_003]) endpoint.expect({ ssrc, kind: 'audio' });
    endpoints.measure();
    await endpoints.settled();
    const srtp = new Srtp(SERVER);
    const withheld = new Set([65_530, 65_531, 65_540]); // over a rollover of the sequence number
    for (let index = 65_500; index < 65_600; index += 1) {
      for (const ssrc of [1_001, 1_002]) {
        const packet = srtp.protectRtp(audioPacket(ssrc, index & 0xffff));
        if (ssrc === 1_002 || !withheld.has(index)) await peer.send(packet);
        if (index === 65_550) await peer.send(packet);
      }
    }
    await peer.send(srtp.protectRtp(audioPacket(9, 1)));
    const arrivals = await arrived(200);
    expect(arrivals).toMatchObject({ receivedAudio: 197, receivedVideo: 0, duplicates: 2, others: 1 });
    expect(arrivals).toMatchObject({ opened: 3, refused: 0, unreadable: 0 }); // one of 64
    expect(arrivals).toMatchObject({ expectedAudio: 3, flowingAudio: 2, expectedVideo: 0, outgoingAudio: 0 });
    expect(arrivals.endpoints).toEqual([{ id: endpoint.id, received: 197, duplicates: 2, lost: 3 }]);
    expect(arrivals.delayMaxMs).toBeGreaterThan(0);
    expect(arrivals.delayMaxMs).toBeLessThan(2_000);
    peer.close();
  });

  test('what was sealed under another key is called unreadable and refused', async () => {
    const { endpoint, peer } = await secured();
    endpoint.expect({ ssrc: 1, kind: 'audio' });
    await endpoints.settled();
    const srtp = new Srtp(OWN);
    for (let sequence = 0; sequence < 128; sequence += 1) await peer.send(srtp.protectRtp(audioPacket(1, sequence)));
    expect(await arrived(128)).toMatchObject({ receivedAudio: 128, unreadable: 128, opened: 2, refused: 2 });
    peer.close();
  });

  test('the counts of a measurement are those of its own time', async () => {
    const { endpoint, peer } = await secured();
    endpoint.expect({ ssrc: 1, kind: 'audio' });
    await endpoints.settled();
    const srtp = new Srtp(SERVER);
    const send = async (from: number, to: number) => {
      for (let at = from; at < to; at += 1) await peer.send(srtp.protectRtp(audioPacket(1, at)));
    };
    await send(0, 10);
    expect((await arrived(10)).receivedAudio).toBe(10);
    const late = srtp.protectRtp(audioPacket(1, 10));
    endpoints.measure();
    await endpoints.settled();
    await peer.send(late);
    await send(13, 31);
    expect(await arrived(18)).toMatchObject({
      receivedAudio: 18,
      endpoints: [{ received: 19, lost: 2 }],
    });
    peer.close();
  });

  test('they tell the server which packets came and when, and report losses', async () => {
    const { endpoint, peer } = await secured();
    endpoint.expect({ ssrc: 1, kind: 'audio' });
    endpoint.answer({ transportSequenceId: TRANSPORT_SEQUENCE_ID });
    await endpoints.settled();
    const srtp = new Srtp(SERVER);
    for (let sequence = 0; sequence < 20; sequence += 1) {
      if (sequence !== 7 && sequence !== 8) await peer.send(srtp.protectRtp(audioPacket(1, sequence)));
      if (sequence === 9) await pause(150); // longer than between two packets of feedback
    }
    const opener = new Srtp(OWN);
    const packets = await until('feedback and a report about all', () => {
      const opened = peer.received.flatMap((datagram) => opener.openRtcp(datagram) ?? []);
      const last = opened.filter((each) => each[1] === 205).at(-1);
      const report = opened.findLast((each) => each[1] === 201);
      return last && readFeedback(last).arrivals.has(19) && report?.readUInt32BE(16) === 19 ? opened : undefined;
    });
    const feedbacks = packets.filter((packet) => packet[1] === 205);
    expect(feedbacks.map((packet) => packet[0])).toEqual(feedbacks.map(() => 0x8f));
    const read = feedbacks.map(readFeedback);
    const came = read.flatMap(({ arrivals }) => [...arrivals.keys()]);
    expect(came).toEqual(Array.from({ length: 20 }, (_, at) => at).filter((at) => at !== 7 && at !== 8));
    expect(read.flatMap((each) => each.missing)).toEqual([7, 8]);
    const times = new Map(read.flatMap(({ arrivals }) => [...arrivals]));
    expect((times.get(10) ?? 0) - (times.get(9) ?? 0)).toBeGreaterThan(140);
    const report = packets.findLast((packet) => packet[1] === 201);
    expect(report?.readUInt32BE(8)).toBe(1); // whose report it is (RFC 3550, section 6.4.1)
    expect(report?.readUIntBE(13, 3)).toBe(2);
    peer.close();
  });

  test('a sender says what its clock shows', async () => {
    const { endpoint, peer } = await secured();
    endpoint.stream(VIDEO);
    endpoint.answer({ transportSequenceId: undefined });
    endpoints.setSending({ on: true });
    const opener = new Srtp(OWN);
    const report = await until('a sender report', () =>
      peer.received
        .flatMap((datagram) => (isRtcp(datagram) ? (opener.openRtcp(datagram) ?? []) : []))
        .find((compound) => readRtcp(compound).some(({ kind }) => kind === 'sender-report')),
    );
    const wallMs = (report.readUInt32BE(8) - 2_208_988_800 + report.readUInt32BE(12) / 2 ** 32) * 1_000;
    expect(Math.abs(wallMs - Date.now())).toBeLessThan(5_000);
    peer.close();
  });

  test('what is no media passes through, both ways; media in the clear needs no keys', async () => {
    const endpoint = await endpoints.openEndpoint({ secured: false });
    const peer = await PeerSocket.open(endpoint);
    const passed: Buffer[] = [];
    endpoint.onMessage((datagram) => passed.push(datagram));
    const dtls = Buffer.alloc(1_300, 22);
    await peer.send(dtls);
    endpoint.send(Buffer.of(0, 1, 2));
    await until('both have come', () => passed.length === 1 && peer.received.length === 1);
    expect(passed).toEqual([dtls]);
    expect(peer.received).toEqual([Buffer.of(0, 1, 2)]);
    endpoint.expect({ ssrc: 1, kind: 'audio' });
    await endpoints.settled();
    await peer.send(audioPacket(1, 1));
    expect(await arrived(1)).toMatchObject({ receivedAudio: 1, unreadable: 0, opened: 0 });
    peer.close();
  });
});
