import { useEffect, useRef } from 'preact/hooks';
import type { LocalTrack } from '../../src/client/index.ts';
import { STRINGS } from '../strings/index.ts';

/** 20 times a second looks alive; more only costs battery. */
const PERIOD_MS = 50;

/** Speech at arm's length is about -30 dBFS: this range puts it in the middle of the bar. */
const QUIET_DB = -60;

/** A bar that moves with what the microphone hears, so that people know that it does before they join. */
export function LevelMeter({ track }: { readonly track: LocalTrack | undefined }) {
  const meter = useRef<HTMLMeterElement>(null);
  const mediaStreamTrack = track?.mediaStreamTrack;
  useEffect(() => {
    if (!mediaStreamTrack) return;
    const context = new AudioContext();
    const analyser = context.createAnalyser();
    context.createMediaStreamSource(new MediaStream([mediaStreamTrack])).connect(analyser);
    const samples = new Float32Array(analyser.fftSize);
    const timer = setInterval(() => {
      analyser.getFloatTimeDomainData(samples);
      const level = levelOf(samples);
      if (!meter.current) return;
      meter.current.value = level;
      meter.current.style.setProperty('--level', String(level));
    }, PERIOD_MS);
    return () => {
      clearInterval(timer);
      void context.close();
    };
  }, [mediaStreamTrack]);
  const on = track !== undefined && !track.muted;
  return <meter ref={meter} class="level" aria-label={STRINGS.lobby.level} min={0} max={1} data-on={on} />;
}

/** Root mean square on a decibel scale, 0 to 1. */
function levelOf(samples: Float32Array): number {
  let sum = 0;
  for (const sample of samples) sum += sample * sample;
  const db = 10 * Math.log10(sum / samples.length + 1e-12);
  return Math.min(1, Math.max(0, 1 - db / QUIET_DB));
}
