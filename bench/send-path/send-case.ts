import { burstScript, type PacketScript, type Sizes } from '../endpoints/packet-script.ts';

/** One sender's packets to so many receivers. */
export interface SendCase {
  readonly name: string;
  readonly receivers: number;
  readonly script: PacketScript;
  /** Whether three voices share the socket with it. */
  readonly voices: boolean;
}

const RECEIVERS = [20, 100, 200] as const;
const BURSTS = [1, 4, 8] as const;
const SIZES: readonly Sizes[] = ['equal', 'near_equal'];

/** To each receiver in every case, so that cases differ in how packets come and not in how many: 30 frames of 8, or 240 of one. */
const PACKETS_PER_SECOND = 240;

/** A frame of eight packets that are a byte apart, which is what large pictures are. */
export const HEADLINE = nameOf('near_equal', 8, 200);
export const AUDIO = 'audio_beside_video_to_200';

/** Those of a quick run, each of which stands for others: what gains most, what gains nothing, a browser, and what may not wait. */
const QUICK: readonly string[] = [HEADLINE, nameOf('near_equal', 1, 200), chromiumName(200), AUDIO];

/** In the order in which rooms grow. `chromium` are packets that a browser has sent; absent where none could be recorded. */
export function sendCases(chromium: PacketScript | undefined): SendCase[] {
  const cases = RECEIVERS.flatMap((receivers): SendCase[] => [
    ...SIZES.flatMap((sizes) => BURSTS.map((burst) => burstCase(sizes, burst, receivers))),
    ...(chromium ? [{ name: chromiumName(receivers), receivers, script: chromium, voices: false }] : []),
  ]);
  return [...cases, { ...burstCase('near_equal', 8, 200), name: AUDIO, voices: true }];
}

export function isQuick({ name }: SendCase): boolean {
  return QUICK.includes(name);
}

function burstCase(sizes: Sizes, burst: number, receivers: number): SendCase {
  const script = burstScript(burst, sizes, PACKETS_PER_SECOND / burst);
  return { name: nameOf(sizes, burst, receivers), receivers, script, voices: false };
}

function nameOf(sizes: Sizes, burst: number, receivers: number): string {
  return `${sizes}_bursts_of_${burst}_to_${receivers}`;
}

function chromiumName(receivers: number): string {
  return `chromium_to_${receivers}`;
}
