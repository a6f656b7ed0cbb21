/** What this browser keeps under `key`; absent where storage is off. */
export function remembered(storage: () => Storage, key: string): string | undefined {
  try {
    return storage().getItem(key) ?? undefined;
  } catch {
    return undefined; // storage is blocked: a private window, a frame
  }
}

export function remember(storage: () => Storage, key: string, value: string): void {
  try {
    storage().setItem(key, value);
  } catch {
    // as above: it is asked for, or made, again next time
  }
}
