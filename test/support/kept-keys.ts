import { FrameKeys, type KeyedEpoch } from '../../src/client/e2ee/frame-keys.ts';
import { type Codec, FrameOpener, type Group, KeyStore } from '../../src/crypto/index.ts';

/** Key ids tell 16 epochs apart (RFC 9605, section 5.2). */
const EPOCH_SLOTS = 16;

/** No frame is from this leaf: a store opens none of its own. */
const NOBODYS_LEAF = 1_023;

/** An epoch that a member was in. */
export interface KeptEpoch {
  readonly epoch: bigint;
  readonly baseKey: Uint8Array;
}

/** The frame keys of an honest client, and beside them the base key of every epoch, kept for good. */
export class KeptKeys extends FrameKeys {
  readonly epochs: KeptEpoch[] = [];
  /** Set while in one. */
  group: Group | undefined;
  readonly #stores = new Map<bigint, KeyStore>();

  override async epochBegan(keyed: KeyedEpoch): Promise<void> {
    const { epoch, group } = keyed;
    const baseKey = await group.exportBaseKey();
    await super.epochBegan(keyed);
    this.epochs.push({ epoch, baseKey });
    this.group = group;
  }

  /** Whether any key that this member ever had opens the frame, each tried as that of the epoch the frame names. */
  async opensWithAny(frame: Uint8Array, codec: Codec): Promise<boolean> {
    const buffer = new Uint8Array(frame).buffer;
    for (const kept of this.epochs) {
      const opener = new FrameOpener({ store: this.#storeOf(kept), codec });
      if ((await opener.open(buffer)).kind === 'opened') return true;
    }
    return false;
  }

  #storeOf({ epoch, baseKey }: KeptEpoch): KeyStore {
    const known = this.#stores.get(epoch);
    if (known) return known;
    const store = new KeyStore(NOBODYS_LEAF);
    for (let slot = 0; slot < EPOCH_SLOTS; slot += 1) store.install(BigInt(slot), baseKey);
    this.#stores.set(epoch, store);
    return store;
  }
}
