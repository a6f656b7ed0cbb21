import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeClientFrame, decodeServerFrame, encodeClientFrame, WireError } from '../../src/wire/index.ts';
import { clientMessage } from './frame-arbitraries.ts';
import { mutate, randomFrom } from './frame-mutation.ts';

const FRAMES = 10_000;

/** The same mutations reach the same code; what is kept must not grow with them. Noise of the collector is far below. */
const HEAP_GROWTH_LIMIT_BYTES = 64 * 1024 * 1024;

describe('mutated frames', () => {
  test(`${FRAMES} of them are each a frame or a typed refusal`, () => {
    const seed = Date.now() >>> 0;
    const random = randomFrom(seed);
    const honest = fc.sample(clientMessage, { numRuns: 200, seed }).map((body, at) => encodeClientFrame(at + 1, body));
    const seen = { frame: 0, 'too-large': 0, malformed: 0, invalid: 0 };
    const heapBefore = process.memoryUsage().heapUsed;
    for (let round = 0; round < FRAMES; round += 1) {
      const bytes = mutate(honest[random(honest.length)] ?? new Uint8Array(), random);
      for (const decode of [decodeClientFrame, decodeServerFrame]) {
        try {
          decode(bytes);
          seen.frame += 1;
        } catch (error) {
          if (!(error instanceof WireError)) throw new Error(`seed ${seed}, round ${round}`, { cause: error });
          seen[error.code] += 1;
        }
      }
    }
    expect(seen.malformed, `seed ${seed}`).toBeGreaterThan(FRAMES / 20);
    // Some 270: half of what a third of the kinds carry is opaque bytes, which the wire does not look into, and others carry nothing.
    expect(seen.invalid, `seed ${seed}`).toBeGreaterThan(FRAMES / 100);
    expect(process.memoryUsage().heapUsed - heapBefore, `seed ${seed}`).toBeLessThan(HEAP_GROWTH_LIMIT_BYTES);
  });
});
