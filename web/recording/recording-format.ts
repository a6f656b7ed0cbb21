/** What a recording is written as. */
export interface RecordingFormat {
  readonly mimeType: string;
  readonly extension: string;
}

/** The first that a browser writes. VP8 before VP9: it costs half, beside a call. Older Safari writes MP4 only. */
const FORMATS: readonly RecordingFormat[] = [
  { mimeType: 'video/webm;codecs=vp8,opus', extension: 'webm' },
  { mimeType: 'video/webm', extension: 'webm' },
  { mimeType: 'video/mp4', extension: 'mp4' },
];

/** `undefined` where pages cannot record. */
export function recordingFormat(writes: (mimeType: string) => boolean): RecordingFormat | undefined {
  return FORMATS.find(({ mimeType }) => writes(mimeType));
}

/** `call-2026-11-25-165807.webm`, by the clock of the person: no two in a row have one name. */
export function recordingName(at: Date, { extension }: RecordingFormat): string {
  const two = (value: number) => String(value).padStart(2, '0');
  const day = `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
  const time = [at.getHours(), at.getMinutes(), at.getSeconds()].map(two).join('');
  return `call-${day}-${time}.${extension}`;
}
