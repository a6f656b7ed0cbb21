import { describe, expect, test } from 'vitest';
import { Pending } from '../../src/client/pending.ts';
import { Publisher } from '../../src/client/publisher.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { recordedLog } from '../support/recorded-log.ts';
import { settled } from '../support/settled.ts';
import { FakeChoice, FakeDevices, FakeTrack, FakeUplink } from './fake-capture.ts';

/** Somebody who sends a microphone and a camera, the browser's default ones. */
async function open() {
  const media = new FakeDevices();
  const choice = new FakeChoice();
  const uplink = new FakeUplink();
  const errors: string[] = [];
  const publisher = new Publisher({
    mediaDevices: media,
    devices: choice,
    clock: new FakeClock(),
    log: recordedLog(),
    localTrackChanged: () => undefined,
    deviceFailed: ({ source, problem }) => errors.push(`${source} ${problem}`),
  });
  publisher.bind(uplink);
  await publisher.setMicrophone(true);
  await publisher.setCamera(true);
  await settled();
  uplink.said.length = 0;
  const choose = (source: 'microphone' | 'camera', deviceId: string) => {
    choice.chosenIds.set(source, deviceId);
    return publisher.reopen(source);
  };
  const from = (source: 'microphone' | 'camera') =>
    (publisher.track(source)?.mediaStreamTrack as unknown as { deviceId?: string } | undefined)?.deviceId;
  return { publisher, media, choice, uplink, errors, choose, from };
}

describe('another device', () => {
  test('goes over the same stream, and the one before is let go first', async () => {
    const { media, uplink, choose, from } = await open();
    await choose('camera', 'desk');
    expect([from('camera'), uplink.said, media.tracks[1]?.stopped]).toEqual(['desk', ['camera from desk'], true]);
  });

  test('goes through the processor of the one before, which is let go', async () => {
    const { publisher, uplink, choose, media } = await open();
    const closed: (string | undefined)[] = [];
    const square = (captured: MediaStreamTrack) => {
      const { deviceId = 'default' } = captured as unknown as FakeTrack;
      const made = new FakeTrack('video', `square of ${deviceId}`);
      const close = () => void closed.push(made.deviceId);
      return Promise.resolve({ mediaStreamTrack: made as unknown as MediaStreamTrack, close });
    };
    await publisher.setProcessor('camera', square);
    await choose('camera', 'desk');
    expect(uplink.said).toEqual(['camera from square of default', 'camera from square of desk']);
    expect(closed).toEqual(['square of default']);
    expect(media.tracks.map(({ stopped }) => stopped)).toEqual([false, true, false]);
    await publisher.setCamera(false);
    expect(closed).toEqual(['square of default', 'square of desk']);
  });

  test('that is chosen while muted is muted too', async () => {
    const { publisher, media, choose } = await open();
    await publisher.setMicrophone(false);
    await choose('microphone', 'headset');
    expect(media.tracks.at(-1)).toMatchObject({ deviceId: 'headset', enabled: false });
    await publisher.setMicrophone(true);
    expect(media.tracks.at(-1)?.enabled).toBe(true);
  });

  test('that is chosen while all is off is opened when it is switched on', async () => {
    const { publisher, media, uplink, choose, from } = await open();
    await publisher.setCamera(false);
    await choose('camera', 'desk');
    expect(media.tracks).toHaveLength(2);
    await publisher.setCamera(true);
    await settled();
    expect([from('camera'), uplink.said]).toEqual(['desk', ['-camera', '+camera']]);
  });

  test('that is chosen while the first is being published is what is sent in the end', async () => {
    const { publisher, uplink, choose, from } = await open();
    const answer = new Pending<void>();
    uplink.answer = answer.promise;
    await publisher.setCamera(false);
    await publisher.setCamera(true);
    await choose('camera', 'desk');
    answer.resolve();
    await settled();
    expect([from('camera'), uplink.said]).toEqual(['desk', ['-camera', '+camera', 'camera from desk']]);
  });

  test('that is switched off while it opens stays off', async () => {
    const { publisher, media, choose } = await open();
    const permission = new Pending<void>();
    media.permission = permission.promise;
    const chosen = choose('camera', 'desk');
    const off = publisher.setCamera(false);
    permission.resolve();
    await chosen;
    expect([await off, media.tracks.slice(1).map(({ stopped }) => stopped)]).toEqual([false, [true, true]]);
  });

  test('that is not there, or in use: the default goes on, and the choice is given up', async () => {
    const { media, choice, errors, choose, from } = await open();
    media.unplugged.add('gone');
    await choose('microphone', 'gone');
    expect([from('microphone'), choice.fallen, errors]).toEqual([undefined, ['microphone'], []]);
    media.failures.push(new DOMException('', 'NotReadableError'));
    await choose('camera', 'desk');
    expect([from('camera'), choice.fallen, errors]).toEqual([undefined, ['microphone', 'camera'], []]);
  });

  test('that a person refuses: nobody asks for a third', async () => {
    const { publisher, media, choice, errors, choose } = await open();
    media.failures.push(new DOMException('', 'NotAllowedError'));
    await choose('camera', 'desk');
    expect([publisher.track('camera'), choice.fallen, errors]).toEqual([undefined, [], ['camera refused']]);
  });
});

describe('a chosen device that is unplugged', () => {
  test('is replaced by the default one, over the same stream', async () => {
    const { media, choice, uplink, errors, choose, from } = await open();
    await choose('microphone', 'headset');
    media.tracks.at(-1)?.end();
    await settled();
    expect([from('microphone'), choice.fallen, errors]).toEqual([undefined, ['microphone'], []]);
    expect(uplink.said).toEqual(['microphone from headset', 'microphone from default']);
  });

  test('with no other there is lost', async () => {
    const { publisher, media, choice, errors, choose } = await open();
    await choose('camera', 'desk');
    media.failures.push(new DOMException('', 'NotFoundError'));
    media.tracks.at(-1)?.end();
    await settled();
    expect([publisher.track('camera'), choice.fallen, errors]).toEqual([undefined, [], ['camera lost']]);
  });

  test('just before another is chosen does not win over it', async () => {
    const { media, choice, errors, choose, from } = await open();
    await choose('camera', 'desk');
    const chosen = choose('camera', 'shelf');
    media.tracks.at(-1)?.end();
    await chosen;
    await settled();
    expect([from('camera'), choice.fallen, errors]).toEqual(['shelf', [], []]);
  });
});
