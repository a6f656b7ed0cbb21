import { CallError, type Clock } from '../base/index.ts';
import type { Metrics } from '../ops/index.ts';
import { type ClientFrame, decodeClientFrame, frameIdOf, WireError } from '../wire/index.ts';
import { type ClosingCode, closes, toCallError } from './errors.ts';
import { type Admission, FloodGuard } from './flood-guard.ts';
import type { SignalingLimits } from './limits.ts';

/** What comes of bytes. */
export interface FrameTaker {
  accept(frame: ClientFrame): void;
  refuse(id: number, error: CallError): void;
  close(code: ClosingCode, message: string): void;
}

export interface IntakeOptions {
  readonly limits: Pick<SignalingLimits, 'frames' | 'bytes' | 'commitBytes' | 'refusals' | 'maxBadFrames'>;
  readonly clock: Clock;
  readonly metrics: Pick<Metrics, 'framesReceived'>;
}

/** What stands between bytes and a frame that is carried out: rates, decoding, ids that grow, and a count of bad frames. */
export class Intake {
  readonly #options: IntakeOptions;
  readonly #taker: FrameTaker;
  readonly #flood: FloodGuard;
  #lastId: number;
  #badFrames = 0;

  constructor(options: IntakeOptions, taker: FrameTaker, lastId = 0) {
    this.#options = options;
    this.#taker = taker;
    this.#flood = new FloodGuard(options.limits, options.clock.nowMs());
    this.#lastId = lastId;
  }

  /** The highest id of a frame that was accepted, or refused for coming too fast: none up to it need to come again. */
  get lastId(): number {
    return this.#lastId;
  }

  /** A WebSocket message. Never throws: whatever is wrong with it is the client's to hear. */
  receive(bytes: Uint8Array, { isBinary }: { readonly isBinary: boolean }): void {
    const admission = this.#flood.admit(bytes.byteLength, this.#options.clock.nowMs());
    if (admission !== 'admitted') {
      this.#refuseFlood(frameIdOf(bytes), admission, 'too many frames or bytes a second');
      return;
    }
    try {
      if (!isBinary) throw new WireError('malformed', 'text message; frames are binary');
      const frame = decodeClientFrame(bytes);
      const { id } = frame;
      // Refused under id 0: the earlier frame of this id has its own answer.
      if (id <= this.#lastId) throw new WireError('malformed', `id ${id} after ${this.#lastId}: ids grow`);
      this.#lastId = id;
      this.#taker.accept(frame);
    } catch (error) {
      this.refuseBadFrame(error instanceof WireError ? error.frameId : 0, toCallError(error));
    }
  }

  /** A WebSocket ping or pong costs like a frame. */
  receiveControl(sizeBytes: number): void {
    const admission = this.#flood.admit(sizeBytes, this.#options.clock.nowMs());
    if (admission === 'flooding') this.#refuseFlood(0, admission, 'too many pings a second');
  }

  /** A frame that no honest client sends. The last that is suffered closes. */
  refuseBadFrame(id: number, error: CallError): void {
    const { metrics, limits } = this.#options;
    metrics.framesReceived.inc({ kind: error.code });
    this.#taker.refuse(id, error);
    this.#badFrames += 1;
    if (this.#badFrames < limits.maxBadFrames || !closes(error.code)) return;
    this.#taker.close(error.code, `${this.#badFrames} bad frames, the last: ${error.message}`);
  }

  /** A frame that comes while too many wait. */
  refuseExcess(id: number, message: string): void {
    this.#refuseFlood(id, this.#flood.refuse(this.#options.clock.nowMs()), message);
  }

  #refuseFlood(id: number, admission: Exclude<Admission, 'admitted'>, message: string): void {
    this.#lastId = Math.max(this.#lastId, id); // the refusal is its answer
    if (admission === 'flooding') this.#taker.close('rate-limited', message);
    else this.#taker.refuse(id, new CallError('rate-limited', message));
  }
}
