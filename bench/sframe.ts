/*
 * What sealing and opening a frame cost beside the bare AES-GCM call that is in them. Both sides run in turns, one
 * frame at a time as a transform does, so that a busy machine slows both; the ratio is the figure, the microseconds are
 * its scale.
 */
import { performance } from 'node:perf_hooks';
import { type EpochKeys, FrameOpener, FrameSealer, KeyStore } from '../src/crypto/sframe/index.ts';
import { benchOptions, percentile, report } from './report.ts';

const SIZES_BYTES = [100, 1_200, 12_000];

/** Frames of one side before the other has its turn. */
const FRAMES_PER_TURN = 100;

const TURNS = { quick: 60, full: 600 };
const WARM_UP_TURNS = 15;

interface Cost {
  readonly us: number;
  readonly bareUs: number;
}

const options = benchOptions();
const turns = options.quick ? TURNS.quick : TURNS.full;
const figures: Record<string, unknown> = { frames_per_side: turns * FRAMES_PER_TURN };
for (const sizeBytes of SIZES_BYTES) Object.assign(figures, await measure(sizeBytes));
report('sframe', figures, options);

/** A VP8 camera: the codec with a clear byte, so the one that costs most. */
async function measure(sizeBytes: number): Promise<Record<string, number>> {
  const baseKey = crypto.getRandomValues(new Uint8Array(16));
  const sealer = new FrameSealer({ source: 'camera', codec: 'vp8' });
  sealer.use(epochOf(new KeyStore(700), baseKey));
  const receiver = new KeyStore(701);
  epochOf(receiver, baseKey);
  const opener = new FrameOpener({ store: receiver, codec: 'vp8' });
  const bare = await bareCalls(sizeBytes);
  const plain = crypto.getRandomValues(new Uint8Array(sizeBytes)).buffer;

  const sealCosts: Cost[] = [];
  const openCosts: Cost[] = [];
  let overheadBytes = 0;
  for (let turn = -WARM_UP_TURNS; turn < turns; turn += 1) {
    const frames: ArrayBuffer[] = [];
    const seal = async () => {
      const outcome = await sealer.seal(plain);
      if (outcome.kind === 'sealed') frames.push(outcome.bytes);
    };
    const open = async (index: number) => await opener.open(frames[index] ?? plain);
    const [sealCost, openCost] = [await inTurns(turn, seal, bare.encrypt), await inTurns(turn, open, bare.decrypt)];
    if (turn >= 0) sealCosts.push(sealCost);
    if (turn >= 0) openCosts.push(openCost);
    overheadBytes = Math.max(overheadBytes, (frames[0]?.byteLength ?? 0) - sizeBytes);
  }
  const expected = (turns + WARM_UP_TURNS) * FRAMES_PER_TURN;
  if (opener.counts.opened !== expected) throw new Error(`${opener.counts.opened} of ${expected} frames opened`);
  return {
    ...summary(`seal_${sizeBytes}`, sealCosts),
    ...summary(`open_${sizeBytes}`, openCosts),
    [`overhead_${sizeBytes}_bytes`]: overheadBytes,
  };
}

function epochOf(store: KeyStore, baseKey: Uint8Array): EpochKeys {
  const keys = store.install(1n, baseKey);
  if (!keys) throw new Error('a new store takes any epoch');
  return keys;
}

/** AES-128-GCM over as many bytes, with the same AAD length and everything else made before. */
async function bareCalls(sizeBytes: number) {
  const { subtle } = crypto;
  const key = await subtle.generateKey({ name: 'AES-GCM', length: 128 }, false, ['encrypt', 'decrypt']);
  const params = { name: 'AES-GCM', iv: new Uint8Array(12), additionalData: new Uint8Array(6), tagLength: 128 };
  const plaintext = crypto.getRandomValues(new Uint8Array(sizeBytes - 1));
  const ciphertext = await subtle.encrypt(params, key, plaintext);
  return {
    encrypt: () => subtle.encrypt(params, key, plaintext),
    decrypt: () => subtle.decrypt(params, key, ciphertext),
  };
}

/** Who begins changes with every turn, so that neither always runs in the other's wake. */
async function inTurns(turn: number, ours: (index: number) => Promise<unknown>, bare: () => Promise<unknown>) {
  if (turn % 2 === 0) return { us: await meanUs(ours), bareUs: await meanUs(bare) };
  const bareUs = await meanUs(bare);
  return { us: await meanUs(ours), bareUs };
}

async function meanUs(call: (index: number) => Promise<unknown>): Promise<number> {
  const startMs = performance.now();
  for (let index = 0; index < FRAMES_PER_TURN; index += 1) await call(index);
  return ((performance.now() - startMs) * 1000) / FRAMES_PER_TURN;
}

function summary(name: string, costs: readonly Cost[]): Record<string, number> {
  const round = (value: number, digits: number) => Number(value.toFixed(digits));
  return {
    [`${name}_us`]: round(
      percentile(
        costs.map(({ us }) => us),
        0.5,
      ),
      1,
    ),
    [`${name}_bare_us`]: round(
      percentile(
        costs.map(({ bareUs }) => bareUs),
        0.5,
      ),
      1,
    ),
    [`${name}_ratio`]: round(
      percentile(
        costs.map(({ us, bareUs }) => us / bareUs),
        0.5,
      ),
      3,
    ),
  };
}
