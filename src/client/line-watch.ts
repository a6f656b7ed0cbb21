import { type Clock, every } from '../base/index.ts';
import { type LineSample, NEW_LINE, nextLine } from './line.ts';

/** Between two looks: a third of the silence that is suspicious. */
const LOOK_EVERY_MS = 200;

export interface LineWatchOptions {
  readonly clock: Clock;
  /** What came over each path so far. */
  readonly receivedBytes: () => Promise<readonly number[]>;
  readonly link: {
    readonly standing: Pick<LineSample, 'socketIsUp' | 'socketLostAtMs'>;
    /** Its socket may be dead: finds out soon. */
    suspect(): void;
  };
  /** The media lost its way. */
  readonly lost: () => void;
}

/** Notices a change of network by what no longer comes, for many browsers tell of none. The answer stops watching. */
export function watchLine({ clock, receivedBytes, link, lost }: LineWatchOptions): () => void {
  let line = NEW_LINE;
  let looking = false;
  let stopped = false;
  const look = async () => {
    if (looking) return;
    looking = true;
    const bytes = await receivedBytes().catch(() => undefined); // a path that is just going
    looking = false;
    if (!bytes || stopped) return;
    const before = line.kind;
    line = nextLine(line, { atMs: clock.nowMs(), receivedBytes: bytes, ...link.standing });
    if (line.kind === before) return;
    if (line.kind === 'silent') link.suspect();
    if (line.kind === 'restarted') lost();
  };
  const stopLooking = every(clock, LOOK_EVERY_MS, () => void look());
  return () => {
    stopped = true;
    stopLooking();
  };
}
