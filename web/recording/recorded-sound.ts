/** Tracks come and go without a word: a fifth of a second is not missed of a sentence. */
const LOOK_EVERY_MS = 200;

/** What one hears of a call and says in it, mixed into one track. */
export class RecordedSound {
  readonly track: MediaStreamTrack;
  readonly #context = new AudioContext();
  readonly #mix = new DynamicsCompressorNode(this.#context, { threshold: -6, ratio: 20, attack: 0.003, knee: 0 }); // many at once do not clip
  readonly #heard = new Map<MediaStreamTrack, AudioNode>();
  readonly #timer: ReturnType<typeof setInterval>;

  /** `tracks`: those that sound now, asked for again and again. */
  constructor(tracks: () => readonly MediaStreamTrack[]) {
    const output = new MediaStreamAudioDestinationNode(this.#context);
    this.#mix.connect(output);
    const [track] = output.stream.getAudioTracks();
    if (!track) throw new Error('this browser mixes no sound');
    this.track = track;
    this.#hear(tracks());
    this.#timer = setInterval(() => this.#hear(tracks()), LOOK_EVERY_MS);
  }

  close(): void {
    clearInterval(this.#timer);
    this.track.stop();
    void this.#context.close();
  }

  #hear(tracks: readonly MediaStreamTrack[]): void {
    for (const [track, node] of this.#heard) {
      if (tracks.includes(track)) continue;
      node.disconnect();
      this.#heard.delete(track);
    }
    for (const track of tracks) {
      if (this.#heard.has(track)) continue;
      const node = this.#context.createMediaStreamSource(new MediaStream([track]));
      node.connect(this.#mix);
      this.#heard.set(track, node);
    }
  }
}
