import { useEffect, useRef } from 'preact/hooks';
import { type LocalTrack, showLocal } from '../../src/client/index.ts';

interface SelfVideoProps {
  readonly track: LocalTrack | undefined;
  readonly label: string;
}

/** One's own camera, mirrored as in a mirror. */
export function SelfVideo({ track, label }: SelfVideoProps) {
  const video = useRef<HTMLVideoElement>(null);
  const mediaStreamTrack = track?.mediaStreamTrack;
  useEffect(() => {
    if (video.current) showLocal(track, video.current);
  }, [mediaStreamTrack]);
  useEffect(() => {
    const element = video.current;
    // Chromium's player keeps what an element plays, and with it all that listens to that, also when the element is gone.
    return () => element && showLocal(undefined, element);
  }, []);
  return <video ref={video} class="picture mirrored" aria-label={label} data-on={track !== undefined} muted />;
}
