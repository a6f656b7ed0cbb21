declare global {
  interface Window {
    /** How loud each sound of the microphone is, 0 to 1. */
    soundLevels?: { noise: number; voice: number };
  }
}

/**
 * Runs in the page before its code: the microphone gives noise, and something that is built as a voice is (a buzz at a wandering
 * pitch through three formants, in syllables), each as loud as `window.soundLevels` says.
 */
export function mixedSounds(): void {
  const SYLLABLES_HZ = 3;

  const noise = (context: AudioContext) => {
    const buffer = context.createBuffer(1, context.sampleRate * 2, context.sampleRate);
    const samples = buffer.getChannelData(0);
    for (const index of samples.keys()) samples[index] = (Math.random() * 2 - 1) * 0.1;
    const source = new AudioBufferSourceNode(context, { buffer, loop: true });
    source.start();
    return source;
  };

  const voice = (context: AudioContext) => {
    const cords = new OscillatorNode(context, { type: 'sawtooth', frequency: 130 });
    const pitch = new OscillatorNode(context, { frequency: 0.7 });
    pitch.connect(new GainNode(context, { gain: 25 })).connect(cords.frequency);
    const syllables = new OscillatorNode(context, { frequency: SYLLABLES_HZ });
    const mouth = new GainNode(context, { gain: 0.5 });
    syllables.connect(new GainNode(context, { gain: 0.5 })).connect(mouth.gain);
    for (const [frequency, gain] of [
      [600, 0.5],
      [1_200, 0.25],
      [2_500, 0.12],
    ] as const) {
      const formant = new BiquadFilterNode(context, { type: 'bandpass', frequency, Q: 5 });
      cords.connect(formant).connect(new GainNode(context, { gain })).connect(mouth);
    }
    for (const oscillator of [cords, pitch, syllables]) oscillator.start();
    return mouth;
  };

  const microphone = () => {
    const context = new AudioContext();
    const output = new MediaStreamAudioDestinationNode(context, { channelCount: 1 }); // as microphones are
    const noises = new GainNode(context, { gain: 0 });
    const voices = new GainNode(context, { gain: 0 });
    noise(context).connect(noises).connect(output);
    voice(context).connect(voices).connect(output);
    setInterval(() => {
      noises.gain.value = window.soundLevels?.noise ?? 0;
      voices.gain.value = window.soundLevels?.voice ?? 0;
    }, 20);
    return output.stream.getAudioTracks();
  };

  const real = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
  navigator.mediaDevices.getUserMedia = async (constraints = {}) => {
    const cameras = constraints.video ? (await real({ video: constraints.video })).getTracks() : [];
    return new MediaStream([...(constraints.audio ? microphone() : []), ...cameras]);
  };
}
