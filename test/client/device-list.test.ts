import { describe, expect, test } from 'vitest';
import { DeviceList } from '../../src/client/device-list.ts';
import type { DeviceKind, Devices } from '../../src/client/devices.ts';
import { recordedLog } from '../support/recorded-log.ts';
import { settled } from '../support/settled.ts';

type Listed = Pick<MediaDeviceInfo, 'kind' | 'deviceId' | 'label'>;

const HEADSET: Listed = { kind: 'audioinput', deviceId: 'headset', label: 'Headset' };
const SPEAKER: Listed = { kind: 'audiooutput', deviceId: 'loud', label: 'Loudspeaker' };
const CAMERA: Listed = { kind: 'videoinput', deviceId: 'desk', label: 'On the desk' };

/** A machine into which devices are plugged. */
class FakeMachine extends EventTarget {
  listed: readonly Listed[] = [];
  refuses = false;
  enumerateDevices = async () => {
    if (this.refuses) throw new DOMException('', 'NotAllowedError');
    return this.listed as MediaDeviceInfo[];
  };
  async plug(...listed: readonly Listed[]): Promise<void> {
    this.listed = listed;
    this.dispatchEvent(new Event('devicechange'));
    await settled();
  }
}

async function open(...listed: readonly Listed[]) {
  const machine = new FakeMachine();
  machine.listed = listed;
  const changes: Devices[] = [];
  const replaced: DeviceKind[] = [];
  const log = recordedLog();
  const list = new DeviceList({
    mediaDevices: machine,
    log,
    changed: (devices) => changes.push(devices),
    replaced: (kind) => replaced.push(kind),
  });
  await settled();
  return { machine, list, changes, replaced, log };
}

const labels = ({ microphones, cameras, speakers }: Devices) =>
  [microphones, cameras, speakers].map((each) => each.map(({ label }) => label));

describe('the list of devices', () => {
  test('has none that the browser hides until a permission, and is read anew when one is plugged in', async () => {
    const { machine, list, changes } = await open({ kind: 'audioinput', deviceId: '', label: '' });
    expect([list.current.microphones, changes]).toEqual([[], []]);
    await machine.plug(HEADSET, SPEAKER, CAMERA);
    expect(labels(list.current)).toEqual([['Headset'], ['On the desk'], ['Loudspeaker']]);
    expect(changes).toEqual([list.current]);
  });

  test('that is as it was is no news', async () => {
    const { machine, changes, list } = await open(HEADSET);
    await machine.plug({ ...HEADSET });
    await list.read();
    expect(changes).toHaveLength(1);
  });

  test('that may not be read stays empty', async () => {
    const { machine, list, log } = await open();
    machine.refuses = true;
    await machine.plug(HEADSET);
    expect([list.current.microphones, log.lines.map(({ event }) => event)]).toEqual([[], ['devices not listed']]);
  });

  test('says which is chosen', async () => {
    const { list, changes } = await open(HEADSET, CAMERA);
    list.choose('microphone', 'headset');
    list.choose('camera', 'desk');
    list.choose('microphone', undefined);
    list.choose('microphone', undefined);
    expect(changes.map(({ chosen }) => chosen)).toEqual([
      {},
      { microphone: 'headset' },
      { microphone: 'headset', camera: 'desk' },
      { camera: 'desk' },
    ]);
  });

  test('that is closed tells nothing more', async () => {
    const { machine, list, changes } = await open(HEADSET);
    const reading = list.read();
    machine.listed = [];
    list.close();
    await reading;
    await machine.plug(CAMERA);
    expect(changes).toHaveLength(1);
  });

  test('of a page that is shown no devices is empty', () => {
    const list = new DeviceList({
      mediaDevices: undefined,
      log: recordedLog(),
      changed: () => expect.unreachable(),
      replaced: () => expect.unreachable(),
    });
    expect(list.current.cameras).toEqual([]);
    list.close();
  });
});

describe('a chosen speaker', () => {
  test('that is unplugged gives way to the default, told once', async () => {
    const { machine, list, replaced } = await open(HEADSET, SPEAKER);
    list.choose('speaker', 'loud');
    await machine.plug(HEADSET);
    await machine.plug(HEADSET, SPEAKER);
    expect([list.chosen('speaker'), replaced]).toEqual([undefined, ['speaker']]);
  });

  test('from the last visit is kept while the browser hides what there is', async () => {
    const { machine, list, replaced } = await open({ kind: 'audiooutput', deviceId: '', label: '' });
    list.choose('speaker', 'loud');
    await list.read();
    await machine.plug(HEADSET, SPEAKER);
    expect([list.chosen('speaker'), replaced]).toEqual(['loud', []]);
  });

  test('outlasts a microphone that is unplugged: who captures finds that out', async () => {
    const { machine, list, replaced } = await open(HEADSET, SPEAKER);
    list.choose('speaker', 'loud');
    list.choose('microphone', 'headset');
    await machine.plug(SPEAKER);
    expect([list.current.chosen, replaced]).toEqual([{ speaker: 'loud', microphone: 'headset' }, []]);
  });
});
