/** How long something lasted, as people say it. */
export interface Lasted {
  readonly hours: number;
  /** Whole ones, beside the hours. */
  readonly minutes: number;
}

const MINUTE_MS = 60_000;

export function lasted(ms: number): Lasted {
  const minutes = Math.floor(ms / MINUTE_MS);
  return { hours: Math.floor(minutes / 60), minutes: minutes % 60 };
}
