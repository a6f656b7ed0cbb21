/** Where a recording goes, piece by piece. */
export interface RecordingFile {
  /** False when there is no room for more: the piece is not in it then. Rejects when it cannot be written. */
  write(piece: Blob): Promise<boolean>;
  /** What was written is the person's now. */
  close(): Promise<void>;
}

/** Of pieces in memory, where a page cannot write to the disk: about 50 minutes. Twice that, and phones close the page. */
const MAX_KEPT_BYTES = 1024 ** 3;

/** Browsers have begun to save it by then. */
const SAVE_MS = 60_000;

type AskForFile = (options: {
  readonly suggestedName: string;
  readonly types: readonly { readonly accept: Readonly<Record<string, readonly string[]>> }[];
}) => Promise<Pick<FileSystemFileHandle, 'createWritable'>>;

/**
 * A file that the person picks, where the browser lets pages write to one; else one in memory, which the browser saves at the end.
 * `undefined` when the person changes their mind. Call it from a click.
 */
export async function openRecordingFile(name: string, mimeType: string): Promise<RecordingFile | undefined> {
  const { showSaveFilePicker } = window as { showSaveFilePicker?: AskForFile };
  if (!showSaveFilePicker) return keepInMemory(name, mimeType);
  const [type = mimeType] = mimeType.split(';');
  const extension = name.slice(name.lastIndexOf('.'));
  try {
    const picked = await showSaveFilePicker.call(window, {
      suggestedName: name,
      types: [{ accept: { [type]: [extension] } }],
    });
    const writable = await picked.createWritable();
    return {
      async write(piece) {
        await writable.write(piece);
        return true;
      },
      close: () => writable.close(),
    };
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') return undefined;
    return keepInMemory(name, mimeType); // a frame, or a folder that is not the page's to write to
  }
}

export function keepInMemory(name: string, mimeType: string, maxBytes = MAX_KEPT_BYTES): RecordingFile {
  const pieces: Blob[] = [];
  let keptBytes = 0;
  return {
    async write(piece) {
      if (keptBytes + piece.size > maxBytes) return false;
      keptBytes += piece.size;
      pieces.push(piece);
      return true;
    },
    async close() {
      const url = URL.createObjectURL(new Blob(pieces, { type: mimeType }));
      const link = document.createElement('a');
      link.href = url;
      link.download = name;
      link.click();
      setTimeout(() => URL.revokeObjectURL(url), SAVE_MS);
    },
  };
}
