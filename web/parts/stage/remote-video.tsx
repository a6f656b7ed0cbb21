import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import type { RemoteTrack } from '../../../src/client/index.ts';

/** Hidden until the first frame, so that the avatar shows and not a black box. */
export function RemoteVideo({ track }: { readonly track: RemoteTrack | undefined }) {
  const video = useRef<HTMLVideoElement>(null);
  const playing = useSignal(false);
  useEffect(() => {
    const element = video.current;
    if (!track || !element) return;
    track.attach(element);
    return () => track.detach(element);
  }, [track]);
  return (
    <video
      ref={video}
      class="picture"
      data-on={playing.value}
      muted
      onLoadedData={() => {
        playing.value = true;
      }}
      onEmptied={() => {
        playing.value = false;
      }}
    />
  );
}
