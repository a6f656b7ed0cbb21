import type { Clock, MemberId } from '../../base/index.ts';
import {
  type Codec,
  type EpochKeys,
  FrameOpener,
  type FrameOpenOutcome,
  FrameSealer,
  type Group,
  KeyStore,
  type Member,
  type SealOutcome,
} from '../../crypto/index.ts';
import type { Source } from '../../wire/index.ts';
import { EpochSwitch, type EpochUse } from './epoch-switch.ts';

/** A new epoch, with its keys. */
export interface KeyedEpoch {
  readonly epoch: bigint;
  readonly group: Group;
  readonly removed: boolean;
  /** Our first epoch in this group, or at this leaf. */
  readonly entered: boolean;
}

/** Seals the frames of one outgoing stream. */
export interface StreamSealer {
  seal(frame: ArrayBuffer): Promise<SealOutcome>;
  /** The stream ended. */
  close(): void;
}

/** Opens the frames of one incoming stream. */
export interface StreamOpener {
  open(frame: ArrayBuffer): Promise<FrameOpenOutcome>;
}

/** Whose stream it is, as its tile says. */
export interface StreamOwner {
  readonly memberId: MemberId;
  readonly source: Source;
  readonly codec: Codec;
}

interface Seat {
  readonly member: Member;
  /** The leaf was somebody else's before. `undefined` for those who were there when we came. */
  readonly sinceEpoch: bigint | undefined;
}

interface OpenStream {
  readonly source: Source;
  readonly codec: Codec;
  sealer: FrameSealer;
}

const NO_KEY: SealOutcome = { kind: 'refused', reason: 'no-key' };
const DROPPED: FrameOpenOutcome = { kind: 'dropped', reason: 'no-key' };

/** The frame keys of this device through all epochs of a call, and which of them is in use. Without a key nothing passes. */
export class FrameKeys {
  readonly #clock: Clock;
  readonly #streams = new Set<OpenStream>();
  #store: KeyStore | undefined;
  #switch = new EpochSwitch();
  #epochs = new Map<bigint, EpochKeys>();
  #using: EpochKeys | undefined;
  #seats: ReadonlyMap<MemberId, Seat> = new Map();
  #cancelWake: () => void = () => undefined;
  #sealedInEpoch = 0;
  /** Nothing is sent while it is not certain that all members see the same call. */
  halted = false;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Frames sealed under the key in use. */
  get sealedInEpoch(): number {
    return this.#sealedInEpoch;
  }

  async epochBegan({ epoch, group, removed, entered }: KeyedEpoch): Promise<void> {
    const baseKey = await group.exportBaseKey();
    if (group.closed) return; // left meanwhile: these keys may be another group's by now
    if (entered) this.#enter(group.ownLeaf);
    const keys = this.#store?.install(epoch, baseKey);
    baseKey.fill(0);
    if (!keys) return;
    this.#epochs.set(epoch, keys);
    this.#seats = seatsOf(group.members, this.#seats, entered ? undefined : epoch);
    this.#follow(this.#switch.began({ epoch, removes: removed, nowMs: this.#clock.nowMs() }));
  }

  /** Every member has reached this epoch. */
  ready(epoch: bigint): void {
    this.#follow(this.#switch.ready(epoch, this.#clock.nowMs()));
  }

  sealer(source: Source, codec: Codec): StreamSealer {
    const stream: OpenStream = { source, codec, sealer: this.#freshSealer(source, codec) };
    this.#streams.add(stream);
    return {
      seal: (frame) => this.#seal(stream, frame),
      close: () => this.#streams.delete(stream),
    };
  }

  opener({ memberId, source, codec }: StreamOwner): StreamOpener {
    let store: KeyStore | undefined;
    let opener: FrameOpener | undefined;
    return {
      open: async (frame) => {
        const seat = this.#seats.get(memberId);
        if (store !== this.#store) opener = undefined;
        store = this.#store;
        if (!seat || !store) return DROPPED;
        opener ??= new FrameOpener({ store, codec });
        const { member, sinceEpoch } = seat;
        return await opener.open(frame, {
          leafIndex: member.leaf,
          source,
          ...(sinceEpoch !== undefined && { sinceEpoch }),
        });
      },
    };
  }

  /** Forgets every key. */
  close(): void {
    this.#cancelWake();
    this.#store = undefined;
    this.#using = undefined;
    this.#epochs.clear();
    this.#seats = new Map();
    for (const stream of this.#streams) stream.sealer = this.#freshSealer(stream.source, stream.codec);
  }

  async #seal({ sealer }: OpenStream, frame: ArrayBuffer): Promise<SealOutcome> {
    if (this.halted) return NO_KEY;
    const outcome = await sealer.seal(frame);
    if (outcome.kind === 'sealed') this.#sealedInEpoch += 1;
    return outcome;
  }

  #enter(ownLeaf: number): void {
    this.close();
    this.#store = new KeyStore(ownLeaf);
    this.#switch = new EpochSwitch();
  }

  #freshSealer(source: Source, codec: Codec): FrameSealer {
    const sealer = new FrameSealer({ source, codec });
    if (this.#using) sealer.use(this.#using);
    return sealer;
  }

  #follow({ use, forget, wakeAtMs }: EpochUse): void {
    const keys = use === undefined ? undefined : this.#epochs.get(use);
    if (keys && keys !== this.#using) {
      this.#using = keys;
      this.#sealedInEpoch = 0;
      for (const { sealer } of this.#streams) sealer.use(keys);
    }
    for (const epoch of forget) {
      this.#epochs.delete(epoch);
      this.#store?.forget(epoch);
    }
    this.#cancelWake();
    if (wakeAtMs === undefined) return;
    const delayMs = Math.max(0, wakeAtMs - this.#clock.nowMs());
    this.#cancelWake = this.#clock.after(delayMs, () => this.#follow(this.#switch.tick(this.#clock.nowMs())));
  }
}

function seatsOf(
  members: readonly Member[],
  before: ReadonlyMap<MemberId, Seat>,
  sinceEpoch: bigint | undefined,
): ReadonlyMap<MemberId, Seat> {
  return new Map(
    members.map((member) => {
      const { memberId } = member.credential;
      const seat = before.get(memberId);
      return [memberId, seat?.member === member ? seat : { member, sinceEpoch }];
    }),
  );
}
