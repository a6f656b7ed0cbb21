import { loadRnnoise, RnnoiseWorkletNode } from '@sapphi-red/web-noise-suppressor';
import type { Log } from '../base/index.ts';
import type { ProcessedTrack } from './track-processor.ts';

// Beside the bundle that this file ends up in: nothing is loaded from anywhere else.
const WORKLET_URL = new URL('@sapphi-red/web-noise-suppressor/rnnoiseWorklet.js', import.meta.url);
const WASM_URL = new URL('@sapphi-red/web-noise-suppressor/rnnoise.wasm', import.meta.url);
const SIMD_WASM_URL = new URL('@sapphi-red/web-noise-suppressor/rnnoise_simd.wasm', import.meta.url);

/** What RNNoise was trained on: at any other rate it takes voices for noise. */
const SAMPLE_RATE_HZ = 48_000;

/** A context that was allowed to run does so within some 10 ms; the others wait for a click, and people do not wait for them. */
const RUN_LIMIT_MS = 500;

/** Compiling 150 kB takes 20 ms here, and ten times as long on an old phone. */
const START_LIMIT_MS = 3_000;

/** A look at what comes out; one block of the worklet is 3 ms. */
const LOOK_EVERY_MS = 10;

/**
 * Takes noise out of a microphone, on this device: RNNoise in an audio worklet, in a thread of its own. 30 ms behind the microphone.
 *
 * @throws Error when it does not run here: no worklets, no WebAssembly, or a browser that holds audio back until a click
 */
export async function suppressNoise(captured: MediaStreamTrack, log: Log): Promise<ProcessedTrack> {
  const context = new AudioContext({ sampleRate: SAMPLE_RATE_HZ });
  try {
    const [wasmBinary] = await Promise.all([
      loadRnnoise({ url: WASM_URL.href, simdUrl: SIMD_WASM_URL.href }),
      context.audioWorklet.addModule(WORKLET_URL),
      within(RUN_LIMIT_MS, context.resume(), 'the browser holds audio back until a click'),
    ]);
    const suppressor = new RnnoiseWorkletNode(context, { maxChannels: 1, wasmBinary });
    suppressor.channelCount = 1; // it leaves a second channel silent: a stereo microphone would come out half as loud
    suppressor.channelCountMode = 'explicit';
    await soundsThrough(context, suppressor);
    const microphone = context.createMediaStreamSource(new MediaStream([captured]));
    const output = new MediaStreamAudioDestinationNode(context, { channelCount: 1 });
    microphone.connect(suppressor).connect(output);
    suppressor.addEventListener('processorerror', () => {
      log.warn('noise suppression broke', { reason: 'processorerror' });
      microphone.disconnect();
      microphone.connect(output); // noise is better than silence
    });
    const [mediaStreamTrack] = output.stream.getAudioTracks();
    if (!mediaStreamTrack) throw new Error('the context gives no track');
    return {
      mediaStreamTrack,
      close() {
        mediaStreamTrack.stop();
        void context.close(); // and with it the worklet
      },
    };
  } catch (error) {
    void context.close();
    throw error;
  }
}

/**
 * Resolves when a tone that nobody hears comes out of `suppressor`: the worklet loads on its own, tells neither that it has nor that
 * it could not, and is silent until then.
 */
async function soundsThrough(context: AudioContext, suppressor: AudioNode): Promise<void> {
  const tone = context.createOscillator();
  const ear = context.createAnalyser();
  tone.connect(suppressor).connect(ear);
  tone.start();
  const samples = new Float32Array(ear.fftSize);
  for (let waitedMs = 0; waitedMs < START_LIMIT_MS; waitedMs += LOOK_EVERY_MS) {
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
    ear.getFloatTimeDomainData(samples);
    if (!samples.some((sample) => sample !== 0)) continue;
    tone.disconnect();
    suppressor.disconnect();
    return;
  }
  throw new Error('the worklet stays silent');
}

function within(limitMs: number, promise: Promise<void>, otherwise: string): Promise<void> {
  return Promise.race([
    promise,
    new Promise<never>((_, reject) => setTimeout(() => reject(new Error(otherwise)), limitMs)),
  ]);
}
