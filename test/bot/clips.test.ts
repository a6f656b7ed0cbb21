import { mkdirSync, writeFileSync } from 'node:fs';
import { beforeAll, describe, expect, test } from 'vitest';
import { opusDuration, parseVp8 } from '../support/clear-media.ts';
import { clip, clipFile, formatClip } from './clip.ts';
import { recordClips } from './record-clips.ts';

/** UPDATE_CLIPS=1 records them anew. */
beforeAll(async () => {
  if (!process.env.UPDATE_CLIPS) return;
  mkdirSync(new URL('.', clipFile('')), { recursive: true });
  for (const [name, recorded] of await recordClips()) writeFileSync(clipFile(name), formatClip(recorded));
});

describe('what bots send', () => {
  test.each([180, 360, 720])('the camera of %i lines is VP8: one key frame at its head, 2 s of pictures', (height) => {
    const { fourcc, frames, frameMs, width } = clip(`camera-${height}`);
    const parsed = frames.map(parseVp8);
    expect(fourcc).toBe('VP80');
    expect(parsed).not.toContain(undefined);
    expect(parsed.flatMap((frame) => frame?.size ?? [])).toEqual([{ width, height }]);
    expect(parsed[0]?.size).toBeDefined();
    expect(frames.length * frameMs).toBeCloseTo(2_000);
  });

  test('the microphone is Opus in frames of 20 ms', () => {
    const { fourcc, frames } = clip('microphone');
    expect(fourcc).toBe('OPUS');
    expect(frames.length).toBeGreaterThanOrEqual(100);
    expect(new Set(frames.map(opusDuration))).toEqual(new Set([960]));
  });
});
