import { readFileSync } from 'node:fs';

/** A few seconds of encoded media, kept as an IVF file beside this one. It begins with a key frame and is made to be looped. */
export interface Clip {
  readonly fourcc: string;
  readonly width: number;
  readonly height: number;
  readonly frameMs: number;
  readonly frames: readonly Uint8Array[];
}

const FILE_HEADER_BYTES = 32;
const FRAME_HEADER_BYTES = 12;

const clips = new Map<string, Clip>();

/** Read once in this process. @throws when there is none of that name. */
export function clip(name: string): Clip {
  const known = clips.get(name) ?? parseClip(readFileSync(clipFile(name)));
  clips.set(name, known);
  return known;
}

/** Found from a bundle in dist/bench too. */
export function clipFile(name: string): URL {
  return new URL(`../../test/bot/clips/${name}.ivf`, import.meta.url);
}

export function parseClip(file: Buffer): Clip {
  if (file.toString('latin1', 0, 4) !== 'DKIF') throw new Error('not an IVF file');
  const frames: Uint8Array[] = [];
  for (let at = FILE_HEADER_BYTES; at < file.length; ) {
    const size = file.readUInt32LE(at);
    frames.push(new Uint8Array(file.subarray(at + FRAME_HEADER_BYTES, at + FRAME_HEADER_BYTES + size)));
    at += FRAME_HEADER_BYTES + size;
  }
  return {
    fourcc: file.toString('latin1', 8, 12),
    width: file.readUInt16LE(12),
    height: file.readUInt16LE(14),
    frameMs: (1_000 * file.readUInt32LE(20)) / file.readUInt32LE(16),
    frames,
  };
}

export function formatClip({ fourcc, width, height, frameMs, frames }: Clip): Buffer {
  const header = Buffer.alloc(FILE_HEADER_BYTES);
  header.write(`DKIF\0\0 \0${fourcc}`, 'latin1');
  header.writeUInt16LE(width, 12);
  header.writeUInt16LE(height, 14);
  header.writeUInt32LE(Math.round(1_000 / frameMs), 16);
  header.writeUInt32LE(1, 20);
  header.writeUInt32LE(frames.length, 24);
  const parts = frames.flatMap((frame, index) => {
    const head = Buffer.alloc(FRAME_HEADER_BYTES);
    head.writeUInt32LE(frame.length, 0);
    head.writeBigUInt64LE(BigInt(index), 4);
    return [head, frame];
  });
  return Buffer.concat([header, ...parts]);
}
