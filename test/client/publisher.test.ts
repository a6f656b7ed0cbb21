import { describe, expect, test } from 'vitest';
import { Pending } from '../../src/client/pending.ts';
import { Publisher } from '../../src/client/publisher.ts';
import type { TrackProcessor } from '../../src/client/track-processor.ts';
import type { MediaKind, Source } from '../../src/wire/index.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { recordedLog } from '../support/recorded-log.ts';
import { settled } from '../support/settled.ts';
import { FakeChoice, FakeDevices, FakeTrack, FakeUplink } from './fake-capture.ts';

function open({ mediaDevices = new FakeDevices() }: { readonly mediaDevices?: FakeDevices } = {}) {
  const errors: string[] = [];
  const changes: Source[] = [];
  const clock = new FakeClock();
  const publisher = new Publisher({
    mediaDevices,
    devices: new FakeChoice(),
    clock,
    log: recordedLog(),
    localTrackChanged: (source) => changes.push(source),
    deviceFailed: ({ source, problem }) => errors.push(`${source} ${problem}`),
  });
  return { publisher, devices: mediaDevices, clock, errors, changes };
}

describe('a microphone', () => {
  test('off is muted: silent at once, told to the server, and kept', async () => {
    const { publisher, devices } = open();
    const uplink = new FakeUplink();
    publisher.bind(uplink);
    expect(await publisher.setMicrophone(true)).toBe(true);
    await settled();
    expect(await publisher.setMicrophone(false)).toBe(false);
    expect(devices.tracks[0]).toMatchObject({ enabled: false, stopped: false });
    expect(publisher.track('microphone')?.muted).toBe(true);
    expect(await publisher.setMicrophone(true)).toBe(true);
    expect(uplink.said).toEqual(['+microphone', 'microphone muted', 'microphone unmuted']);
    expect(devices.tracks).toHaveLength(1);
  });

  test('follows its switch at once while the server does not answer, and the server hears how it ended', async () => {
    const { publisher, devices } = open();
    const uplink = new FakeUplink();
    uplink.muteAnswer = new Promise(() => undefined);
    publisher.bind(uplink);
    await publisher.setMicrophone(true);
    await settled();
    for (const on of [false, true, false]) expect(await publisher.setMicrophone(on)).toBe(on);
    expect([devices.tracks[0]?.enabled, uplink.said]).toEqual([
      false,
      ['+microphone', 'microphone muted', 'microphone unmuted', 'microphone muted'],
    ]);
  });

  test('that is muted while it is being published is told to be', async () => {
    const { publisher, devices } = open();
    const uplink = new FakeUplink();
    const answer = new Pending<void>();
    uplink.answer = answer.promise;
    publisher.bind(uplink);
    expect(await publisher.setMicrophone(true)).toBe(true);
    expect(await publisher.setMicrophone(false)).toBe(false);
    expect(devices.tracks[0]?.enabled).toBe(false);
    answer.resolve();
    await settled();
    expect(uplink.said).toEqual(['+microphone', 'microphone muted']);
  });

  test('that was never on is not asked for when it goes off', async () => {
    const { publisher, devices } = open();
    expect(await publisher.setMicrophone(false)).toBe(false);
    expect(devices.asked).toEqual([]);
  });

  test('muted before the join is published muted', async () => {
    const { publisher } = open();
    await publisher.setMicrophone(true);
    await publisher.setMicrophone(false);
    const uplink = new FakeUplink();
    publisher.bind(uplink);
    await settled();
    expect(uplink.said).toEqual(['+microphone muted']);
  });
});

describe('a camera', () => {
  test('off is stopped, so that its light goes out', async () => {
    const { publisher, devices, changes } = open();
    const uplink = new FakeUplink();
    publisher.bind(uplink);
    expect(await publisher.setCamera(true)).toBe(true);
    await settled();
    expect(await publisher.setCamera(false)).toBe(false);
    expect(devices.tracks[0]?.stopped).toBe(true);
    expect(publisher.track('camera')).toBeUndefined();
    expect(uplink.said).toEqual(['+camera', '-camera']);
    expect(changes).toEqual(['camera', 'camera']);
  });

  test('is asked for exactly 720p; one that has no such picture, for whatever it has', async () => {
    const { publisher, devices, errors } = open();
    devices.failures.push(new DOMException('', 'OverconstrainedError'));
    expect(await publisher.setCamera(true)).toBe(true);
    expect(devices.asked).toMatchObject([
      { video: { width: { exact: 1280 }, height: { exact: 720 } } },
      { video: { width: { ideal: 1280 }, height: { ideal: 720 } } },
    ]);
    expect(errors).toEqual([]);
  });

  test('that waits for a permission does not hold up the mute button', async () => {
    const { publisher, devices } = open();
    await publisher.setMicrophone(true);
    const permission = new Pending<void>();
    devices.permission = permission.promise;
    const camera = publisher.setCamera(true);
    expect(await publisher.setMicrophone(false)).toBe(false);
    permission.resolve();
    expect(await camera).toBe(true);
  });

  test('asked for twice is captured once', async () => {
    const { publisher, devices } = open();
    expect(await Promise.all([publisher.setCamera(true), publisher.setCamera(true)])).toEqual([true, true]);
    expect(devices.tracks).toHaveLength(1);
  });

  test('that is unplugged is withdrawn, and told', async () => {
    const { publisher, devices, errors } = open();
    const uplink = new FakeUplink();
    publisher.bind(uplink);
    await publisher.setCamera(true);
    await settled();
    devices.tracks[0]?.end();
    expect(errors).toEqual(['camera lost']);
    expect(uplink.said).toEqual(['+camera', '-camera']);
    expect(publisher.track('camera')).toBeUndefined();
  });

  test('switched off while it is being published does not stay on the server', async () => {
    const { publisher, devices } = open();
    const uplink = new FakeUplink();
    const answer = new Pending<void>();
    uplink.answer = answer.promise;
    publisher.bind(uplink);
    expect(await publisher.setCamera(true)).toBe(true);
    expect(await publisher.setCamera(false)).toBe(false);
    expect(devices.tracks[0]?.stopped).toBe(true); // before the server answers
    answer.resolve();
    await settled();
    expect(uplink.said).toEqual(['+camera', '-camera']);
  });
});

describe('a screen', () => {
  test('comes with its sound, sharp rather than smooth, and goes with it', async () => {
    const { publisher, devices } = open();
    const uplink = new FakeUplink();
    publisher.bind(uplink);
    devices.screenSound = true;
    expect(await publisher.setScreenShare(true)).toBe(true);
    expect(devices.tracks[0]?.contentHint).toBe('detail');
    await settled();
    expect(await publisher.setScreenShare(false)).toBe(false);
    expect(uplink.said).toEqual(['+screen', '+screen-audio', '-screen-audio', '-screen']);
    expect(devices.tracks.every(({ stopped }) => stopped)).toBe(true);
  });

  test("closed in the browser's own bar is no error", async () => {
    const { publisher, devices, errors } = open();
    await publisher.setScreenShare(true);
    devices.tracks[0]?.end();
    expect([publisher.track('screen'), errors]).toEqual([undefined, []]);
  });

  test('closed while its picture is being published takes its sound along', async () => {
    const { publisher, devices } = open();
    const uplink = new FakeUplink();
    const answer = new Pending<void>();
    uplink.answer = answer.promise;
    publisher.bind(uplink);
    devices.screenSound = true;
    await publisher.setScreenShare(true);
    for (const track of devices.tracks) track.end();
    answer.resolve();
    await settled();
    expect(publisher.track('screen-audio')).toBeUndefined();
    expect(uplink.said).toEqual(['+screen', '-screen']);
  });
});

describe('a device that is not there', () => {
  test.each([
    ['NotAllowedError', 'camera refused'],
    ['NotFoundError', 'camera missing'],
    ['NotReadableError', 'camera in-use'],
  ])('%s: the answer is false and the reason is told', async (name, told) => {
    const { publisher, devices, errors } = open();
    devices.failures.push(new DOMException('', name));
    expect(await publisher.setCamera(true)).toBe(false);
    expect(errors).toEqual([told]);
  });

  test('a page without https has none', async () => {
    const errors: string[] = [];
    const publisher = new Publisher({
      mediaDevices: undefined,
      devices: new FakeChoice(),
      clock: new FakeClock(),
      log: recordedLog(),
      localTrackChanged: () => undefined,
      deviceFailed: ({ source, problem }) => errors.push(`${source} ${problem}`),
    });
    expect(await publisher.setMicrophone(true)).toBe(false);
    expect(await publisher.setScreenShare(true)).toBe(false);
    expect(errors).toEqual(['microphone insecure', 'screen insecure']);
  });
});

describe('what the server refuses to publish', () => {
  test('for good is let go and told as forbidden', async () => {
    const { publisher, devices, errors } = open();
    const uplink = new FakeUplink();
    uplink.refuse('forbidden');
    publisher.bind(uplink);
    await publisher.setCamera(true);
    await settled();
    expect([devices.tracks[0]?.stopped, publisher.track('camera')]).toEqual([true, undefined]);
    expect(errors).toEqual(['camera forbidden']);
  });

  test('for now stays captured, and is tried again over the same path, ever more slowly', async () => {
    const { publisher, clock, errors } = open();
    const uplink = new FakeUplink();
    uplink.refuse('rate-limited');
    publisher.bind(uplink);
    expect(await publisher.setCamera(true)).toBe(true);
    await settled();
    clock.advance(500);
    await settled();
    uplink.answer = Promise.resolve();
    clock.advance(999);
    await settled();
    expect(uplink.said).toEqual([]);
    clock.advance(1);
    await settled();
    expect([uplink.said, errors, clock.pending]).toEqual([['+camera'], [], 0]);
  });

  test('for now and then switched off, or moved to another path, is not tried again', async () => {
    const { publisher, clock } = open();
    const uplink = new FakeUplink();
    uplink.refuse('rate-limited');
    publisher.bind(uplink);
    await publisher.setCamera(true);
    await publisher.setMicrophone(true);
    await settled();
    await publisher.setCamera(false);
    expect(clock.pending).toBe(1);
    publisher.bind(undefined);
    expect(clock.pending).toBe(0);
  });

  test('for now stays captured, and the next join publishes it', async () => {
    const { publisher, errors } = open();
    const uplink = new FakeUplink();
    uplink.refuse('media-lost');
    publisher.bind(uplink);
    expect(await publisher.setCamera(true)).toBe(true);
    const next = new FakeUplink();
    publisher.bind(next);
    await settled();
    expect([next.said, errors]).toEqual([['+camera'], []]);
  });
});

describe('between joins', () => {
  test('captures outlive the path, and are published over the next one', async () => {
    const { publisher, devices } = open();
    const [before, after] = [new FakeUplink(), new FakeUplink()];
    await publisher.setMicrophone(true);
    publisher.bind(before);
    await publisher.setCamera(true);
    await settled();
    publisher.bind(undefined);
    await publisher.setMicrophone(false);
    publisher.bind(after);
    await settled();
    expect(before.said).toEqual(['+microphone', '+camera']);
    expect(after.said).toEqual(['+microphone muted', '+camera']);
    expect(devices.tracks).toHaveLength(2);
  });

  test('what was being published over a path that broke is not taken for published', async () => {
    const { publisher } = open();
    const [before, after] = [new FakeUplink(), new FakeUplink()];
    const answer = new Pending<void>();
    before.answer = answer.promise;
    await publisher.setCamera(true);
    publisher.bind(before);
    await settled();
    publisher.bind(after);
    answer.resolve();
    await settled();
    expect(after.said).toEqual(['+camera']);
  });
});

describe('a listener', () => {
  test('publishes nothing: captures stop at the join, and are told', async () => {
    const { publisher, devices, errors } = open();
    await publisher.setMicrophone(true);
    await publisher.setCamera(true);
    publisher.bind('forbidden');
    expect(errors).toEqual(['microphone forbidden', 'camera forbidden']);
    expect(devices.tracks.map(({ stopped }) => stopped)).toEqual([true, true]);
  });

  test('who switches something on is told at once, and no device is asked for', async () => {
    const { publisher, devices, errors } = open();
    publisher.bind('forbidden');
    expect([await publisher.setMicrophone(true), await publisher.setScreenShare(true)]).toEqual([false, false]);
    expect([errors, devices.asked]).toEqual([['microphone forbidden', 'screen forbidden'], []]);
  });

  test('a permission that comes after the join is too late', async () => {
    const { publisher, devices, errors } = open();
    const permission = new Pending<void>();
    devices.permission = permission.promise;
    const camera = publisher.setCamera(true);
    await settled();
    publisher.bind('forbidden');
    permission.resolve();
    expect(await camera).toBe(false);
    expect([errors, devices.tracks[0]?.stopped]).toEqual([['camera forbidden'], true]);
  });
});

/** A processor whose tracks say how often it was asked, and what it is called. */
function processorCalled(name: string) {
  const made: FakeTrack[] = [];
  const processor: TrackProcessor = async (captured) => {
    const track = new FakeTrack(captured.kind as MediaKind, `${name} ${made.length + 1}`);
    made.push(track);
    return { mediaStreamTrack: track as unknown as MediaStreamTrack, close: () => track.stop() };
  };
  return { made, processor };
}

const broken: TrackProcessor = () => Promise.reject(new Error('no'));

describe('a processor', () => {
  test('of a microphone that is on takes its place on the same way, and gives it back', async () => {
    const { publisher, devices, changes } = open();
    const uplink = new FakeUplink();
    publisher.bind(uplink);
    await publisher.setMicrophone(true);
    await settled();
    const { made, processor } = processorCalled('quiet');
    expect(await publisher.setProcessor('microphone', processor)).toBe(true);
    expect(publisher.track('microphone')?.mediaStreamTrack).toBe(made[0]);
    expect(await publisher.setProcessor('microphone', undefined)).toBe(true);
    expect(uplink.said).toEqual(['+microphone', 'microphone from quiet 1', 'microphone from default']);
    expect([made[0]?.stopped, devices.tracks[0]?.stopped]).toEqual([true, false]);
    expect(changes).toEqual(['microphone', 'microphone', 'microphone']);
  });

  test('that was set before is there from the first moment, and every time', async () => {
    const { publisher, devices } = open();
    const { made, processor } = processorCalled('blur');
    expect(await publisher.setProcessor('camera', processor)).toBe(true);
    for (const on of [true, false, true]) await publisher.setCamera(on);
    expect(publisher.track('camera')?.mediaStreamTrack).toBe(made[1]);
    expect([made[0]?.stopped, devices.tracks[0]?.stopped]).toEqual([true, true]);
  });

  test('mutes as the microphone does, and stays muted', async () => {
    const { publisher, devices } = open();
    const { made, processor } = processorCalled('quiet');
    await publisher.setMicrophone(true);
    await publisher.setMicrophone(false);
    await publisher.setProcessor('microphone', processor);
    expect([devices.tracks[0]?.enabled, made[0]?.enabled]).toEqual([false, false]);
    await publisher.setMicrophone(true);
    expect([devices.tracks[0]?.enabled, made[0]?.enabled]).toEqual([true, true]);
  });

  test('of a microphone that fails leaves the microphone as it was', async () => {
    const { publisher, devices, errors } = open();
    await publisher.setMicrophone(true);
    expect(await publisher.setProcessor('microphone', broken)).toBe(false);
    expect(publisher.track('microphone')?.mediaStreamTrack).toBe(devices.tracks[0]);
    expect(errors).toEqual([]);
  });

  test('of a camera that fails stops the camera, before anything of it is sent', async () => {
    const { publisher, devices, errors } = open();
    const uplink = new FakeUplink();
    publisher.bind(uplink);
    await publisher.setProcessor('camera', broken);
    expect(await publisher.setCamera(true)).toBe(false);
    await settled();
    expect([uplink.said, errors, devices.tracks[0]?.stopped]).toEqual([[], ['camera failed'], true]);
  });

  test('of a camera that is on and fails stops it', async () => {
    const { publisher, devices, errors } = open();
    await publisher.setCamera(true);
    expect(await publisher.setProcessor('camera', broken)).toBe(false);
    expect([publisher.track('camera'), errors, devices.tracks[0]?.stopped]).toEqual([
      undefined,
      ['camera failed'],
      true,
    ]);
  });

  test('that is done after the camera went off leaves nothing open', async () => {
    const { publisher, devices } = open();
    const { made, processor } = processorCalled('blur');
    const ready = new Pending<void>();
    await publisher.setCamera(true);
    const set = publisher.setProcessor('camera', async (captured) => {
      await ready.promise;
      return processor(captured);
    });
    await settled();
    devices.tracks[0]?.end();
    ready.resolve();
    expect(await set).toBe(false);
    expect(made[0]?.stopped).toBe(true);
  });

  test('that is set while the microphone is being published takes its place as soon as that is done', async () => {
    const { publisher } = open();
    const uplink = new FakeUplink();
    const answer = new Pending<void>();
    uplink.answer = answer.promise;
    publisher.bind(uplink);
    await publisher.setMicrophone(true);
    const { processor } = processorCalled('quiet');
    await publisher.setProcessor('microphone', processor);
    answer.resolve();
    await settled();
    expect(uplink.said).toEqual(['+microphone', 'microphone from quiet 1']);
  });
});

describe('closing', () => {
  test('stops every capture, also one that comes late', async () => {
    const { publisher, devices } = open();
    await publisher.setMicrophone(true);
    const permission = new Pending<void>();
    devices.permission = permission.promise;
    const camera = publisher.setCamera(true);
    await settled();
    publisher.close();
    permission.resolve();
    expect(await camera).toBe(false);
    expect(devices.tracks.map(({ stopped }) => stopped)).toEqual([true, true]);
  });
});
