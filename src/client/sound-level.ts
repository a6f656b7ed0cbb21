/** How loud a track is now, in dBov: 0 is the loudest that can be said, silence is minus infinity (RFC 6464). */
export interface SoundLevel {
  readonly dbov: number;
  close(): void;
}

export type OpenSoundLevel = (track: MediaStreamTrack) => SoundLevel;

/** Samples of one look: 43 ms at 48 kHz, so that looks every 50 ms miss little. Must be a power of two. */
const SAMPLES = 2048;

/** An analyser is the lightest that every browser has: no worklet, no statistics to wait for, and nothing runs between looks. */
export const openSoundLevel: OpenSoundLevel = (track) => {
  const context = new AudioContext();
  const analyser = context.createAnalyser();
  analyser.fftSize = SAMPLES;
  context.createMediaStreamSource(new MediaStream([track])).connect(analyser);
  const samples = new Float32Array(SAMPLES);
  return {
    get dbov() {
      analyser.getFloatTimeDomainData(samples);
      let power = 0;
      for (const sample of samples) power += sample * sample;
      return 10 * Math.log10(power / SAMPLES);
    },
    close: () => void context.close(),
  };
};
