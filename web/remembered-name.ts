const KEY = 'conclave.name';

/** The name that this browser joined with last; empty where storage is off. */
export function rememberedName(): string {
  try {
    return localStorage.getItem(KEY) ?? '';
  } catch {
    return ''; // storage is blocked: a private window, a frame
  }
}

export function rememberName(name: string): void {
  try {
    localStorage.setItem(KEY, name);
  } catch {
    // as above: the person types it again next time
  }
}
