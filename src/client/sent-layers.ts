import { cameraBitrate, type Encoding } from './encodings.ts';

/** What others need of what this device sends. */
export interface SendWish {
  /** Nothing may leave this device now. */
  readonly held: boolean;
  /** The highest spatial layer that somebody watches; `undefined`: nobody watches any. */
  readonly top: number | undefined;
}

/** Until the server says what is watched. */
export const SEND_ALL: SendWish = { held: false, top: Number.POSITIVE_INFINITY };

/** What changes of an RTCRtpEncodingParameters while a source is sent. */
export type SentEncoding = Pick<RTCRtpEncodingParameters, 'active' | 'maxBitrate' | 'scaleResolutionDownBy'> & {
  readonly scalabilityMode?: string;
};

/**
 * How each encoding of a source is to be sent, in their order. Of several (simulcast) those that are watched; of one with spatial
 * layers inside (SVC) as many as are watched, each as large as before; of any other, all or nothing. Sound has no encodings
 * of its own, and the browser makes one.
 */
export function sentEncodings(
  encodings: readonly Encoding[] | undefined,
  { held, top }: SendWish,
): readonly SentEncoding[] {
  const sends = !held && top !== undefined;
  const [first, ...others] = encodings ?? [];
  const layers = Number(first?.scalabilityMode?.[1] ?? 1);
  if (others.length > 0) return [first, ...others].map((_, layer) => ({ active: sends && layer <= top }));
  if (layers === 1 || !sends) return [{ active: sends }];
  const highest = Math.min(top, layers - 1);
  return [
    {
      active: true,
      scalabilityMode: highest === 0 ? 'L1T3' : `L${highest + 1}T3_KEY`,
      scaleResolutionDownBy: 2 ** (layers - 1 - highest),
      maxBitrate: cameraBitrate(highest),
    },
  ];
}
