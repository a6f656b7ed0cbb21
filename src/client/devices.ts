/** What a person can choose among. */
export type DeviceKind = 'microphone' | 'camera' | 'speaker';

/** One that the browser offers. */
export interface OfferedDevice {
  readonly kind: DeviceKind;
  /** The browser's own, the same for this site from one visit to the next. */
  readonly deviceId: string;
  /** Empty until the person has allowed the page to use a device of its kind. */
  readonly label: string;
}

/** The devices of this machine, as the browser tells them. A snapshot: a change makes a new one. */
export interface Devices {
  readonly microphones: readonly OfferedDevice[];
  readonly cameras: readonly OfferedDevice[];
  /** Empty where the browser lets no page choose. */
  readonly speakers: readonly OfferedDevice[];
  /** By `call.useDevice`. Absent: what the browser takes by default. */
  readonly chosen: DeviceChoice;
}

export type DeviceChoice = Readonly<Partial<Record<DeviceKind, string>>>;

export const NO_DEVICES: Devices = { microphones: [], cameras: [], speakers: [], chosen: {} };

const KINDS: Readonly<Record<MediaDeviceKind, DeviceKind>> = {
  audioinput: 'microphone',
  videoinput: 'camera',
  audiooutput: 'speaker',
};

/**
 * What enumerateDevices() said. Before a page may use any device it says only that there are some, without ids (W3C
 * mediacapture-streams section 9.2): none of those can be chosen.
 */
export function devicesOf(
  listed: readonly Pick<MediaDeviceInfo, 'kind' | 'deviceId' | 'label'>[],
  chosen: DeviceChoice,
): Devices {
  const offered = listed.flatMap(({ kind, deviceId, label }) =>
    deviceId === '' ? [] : [{ kind: KINDS[kind], deviceId, label }],
  );
  const of = (wanted: DeviceKind) => offered.filter(({ kind }) => kind === wanted);
  return { microphones: of('microphone'), cameras: of('camera'), speakers: of('speaker'), chosen };
}

/** The speaker that was chosen and offered before, and is offered no more: it was unplugged. */
export function hasLostSpeaker(before: Devices, after: Devices): boolean {
  const offers = ({ speakers }: Devices) => speakers.some(({ deviceId }) => deviceId === after.chosen.speaker);
  return after.chosen.speaker !== undefined && offers(before) && !offers(after);
}

/** The choice with `deviceId` for `kind`; without one, `kind` is as the browser takes it. */
export function choosing(choice: DeviceChoice, kind: DeviceKind, deviceId: string | undefined): DeviceChoice {
  const { [kind]: _, ...others } = choice;
  return deviceId === undefined ? others : { ...others, [kind]: deviceId };
}
