import { signal } from '@preact/signals';
import type { Call, Source } from '../../src/client/index.ts';
import { RecordedPicture } from './recorded-picture.ts';
import { RecordedSound } from './recorded-sound.ts';
import { openRecordingFile, type RecordingFile } from './recording-file.ts';
import { recordingFormat, recordingName } from './recording-format.ts';

/** A piece of the file: a page that is closed hard loses no more than this. */
const PIECE_MS = 1_000;

/** 1.1 GB an hour: a grid of faces at 720p without visible blocks. */
const PICTURE_BPS = 2_400_000;

/**
 *     off -- start --> asking (where to keep it) --> on -- stop, left, no more room --> saving --> off
 */
export type RecordingState = 'off' | 'asking' | 'on' | 'saving';

/** Why a recording did not begin, or ended by itself. */
export type RecordingProblem = 'unsupported' | 'full' | 'failed';

/** Keeps what one sees and hears of the call in a file on this device. The others are told before it begins. */
export class Recording {
  readonly state = signal<RecordingState>('off');
  readonly #call: Call;
  readonly #failed: (problem: RecordingProblem) => void;
  #stop: () => void = () => undefined;

  constructor(call: Call, failed: (problem: RecordingProblem) => void) {
    this.#call = call;
    this.#failed = failed;
    call.on('left', () => this.stop());
  }

  /** From a click: the browser asks where to keep it. */
  async start(): Promise<void> {
    if (this.state.value !== 'off') return;
    const format =
      'MediaRecorder' in window ? recordingFormat((type) => MediaRecorder.isTypeSupported(type)) : undefined;
    if (!format) return this.#failed('unsupported');
    this.state.value = 'asking';
    const file = await openRecordingFile(recordingName(new Date(), format), format.mimeType);
    this.state.value = 'off';
    if (!file || this.#call.state.kind === 'left') return;
    try {
      this.#record(file, format.mimeType);
    } catch {
      this.#end();
      void file.close().catch(() => undefined); // empty
      this.#failed('failed');
    }
  }

  stop(): void {
    this.#stop();
  }

  #record(file: RecordingFile, mimeType: string): void {
    this.#call.setRecording(true);
    const picture = new RecordedPicture(() => document.querySelector('.stage'));
    const sound = new RecordedSound(() => this.#sounds());
    const recorder = new MediaRecorder(new MediaStream([picture.track, sound.track]), {
      mimeType,
      videoBitsPerSecond: PICTURE_BPS,
    });
    let writing = Promise.resolve();
    let problem: RecordingProblem | undefined;
    const giveUp = (why: RecordingProblem) => {
      problem ??= why;
      this.#stop();
    };
    recorder.ondataavailable = ({ data }) => {
      writing = writing.then(async () => {
        if (!problem && !(await file.write(data))) giveUp('full');
      });
      writing = writing.catch(() => giveUp('failed'));
    };
    recorder.onerror = () => giveUp('failed');
    recorder.onstop = async () => {
      await writing;
      await file.close().catch(() => giveUp('failed'));
      this.state.value = 'off';
      if (problem) this.#failed(problem);
    };
    this.#stop = () => {
      this.#end(); // once
      this.state.value = 'saving';
      if (recorder.state !== 'inactive') recorder.stop(); // tells the last piece, then that it stopped
      picture.close();
      sound.close();
    };
    addEventListener('beforeunload', askFirst);
    recorder.start(PIECE_MS);
    this.state.value = 'on';
  }

  #end(): void {
    this.#stop = () => undefined;
    removeEventListener('beforeunload', askFirst);
    this.#call.setRecording(false);
    this.state.value = 'off';
  }

  #sounds(): readonly MediaStreamTrack[] {
    const sources: readonly Source[] = ['microphone', 'screen-audio'];
    const call = this.#call;
    const own = sources.map((source) => call.localTrack(source)?.mediaStreamTrack);
    const others = call.roster.peers.flatMap(({ id }) => sources.map((each) => call.track(id, each)?.mediaStreamTrack));
    return [...own, ...others].filter((track) => track !== undefined);
  }
}

/** The browser asks whether to close the page: the file is not whole yet. */
const askFirst = (event: Event) => event.preventDefault();
