import { describe, expect, test } from 'vitest';
import { keepInMemory } from '../../../web/recording/recording-file.ts';
import { recordingFormat, recordingName } from '../../../web/recording/recording-format.ts';

const WEBM = { mimeType: 'video/webm;codecs=vp8,opus', extension: 'webm' };

describe('a recording', () => {
  test.each([
    ['everything', () => true, WEBM],
    ['any WebM', (type: string) => type === 'video/webm', { mimeType: 'video/webm', extension: 'webm' }],
    ['MP4', (type: string) => type.startsWith('video/mp4'), { mimeType: 'video/mp4', extension: 'mp4' }],
    ['nothing', () => false, undefined],
  ])('is written as a browser that writes %s can', (_, writes, format) => {
    expect(recordingFormat(writes)).toEqual(format);
  });

  test('is named after the second in which it began', () => {
    expect(recordingName(new Date(2026, 0, 2, 3, 4, 5), WEBM)).toBe('call-2026-01-02-030405.webm');
  });
});

describe('a file in memory', () => {
  test('takes pieces up to its limit, and none beyond', async () => {
    const file = keepInMemory('call.webm', WEBM.mimeType, 10);
    const piece = (bytes: number) => file.write(new Blob([new Uint8Array(bytes)]));
    expect([await piece(6), await piece(4), await piece(1), await piece(0)]).toEqual([true, true, false, true]);
  });
});
