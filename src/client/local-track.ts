import type { Source } from '../wire/index.ts';

/** Something that this device captures, whether the call is joined or not. */
export interface LocalTrack {
  readonly source: Source;
  readonly mediaStreamTrack: MediaStreamTrack;
  readonly muted: boolean;
}

/** Shows `track` in `element`, silently: nobody wants to hear themselves. `undefined` clears it. */
export function showLocal(track: LocalTrack | undefined, element: HTMLVideoElement): void {
  element.muted = true;
  element.playsInline = true;
  element.autoplay = true;
  if (!track) element.srcObject = null;
  else if ((element.srcObject as MediaStream | null)?.getTracks()[0] !== track.mediaStreamTrack)
    element.srcObject = new MediaStream([track.mediaStreamTrack]);
}
