import type { CallState } from '../src/client/call-state.ts';
import type { Counts } from './counts.ts';

declare global {
  interface Window {
    /** What the load driver has seen of this page since it opened. */
    loadWatch?: { joinMs: number | undefined; interruptions: number; pictures: Record<string, number> };
  }
}

/** Runs in the page before it opens: measures from the click on Join, without the way that a command takes to the page. */
export function watchPage(): void {
  const watch: NonNullable<Window['loadWatch']> = { joinMs: undefined, interruptions: 0, pictures: {} };
  window.loadWatch = watch;
  let askedMs = 0;
  let before = '';
  const clicked = ({ target }: Event) => {
    if (target instanceof Element && target.closest('button[type=submit]')) askedMs = performance.now();
  };
  addEventListener('click', clicked, { capture: true });
  new MutationObserver(() => {
    const state = document.querySelector('[data-screen=call]')?.getAttribute('data-state') ?? '';
    if (state === 'joined') watch.joinMs ??= performance.now() - askedMs;
    if (state === 'reconnecting' && before === 'joined') watch.interruptions += 1;
    before = state;
  }).observe(document, { subtree: true, childList: true, attributeFilter: ['data-state'] });
}

type PageCounts = Omit<Counts, 'firstMediaMs'>;

interface Inbound {
  readonly type: string;
  readonly kind: 'audio' | 'video';
  readonly id: string;
  readonly trackIdentifier?: string;
  readonly packetsReceived?: number;
  readonly packetsLost?: number;
  readonly framesDecoded?: number;
  readonly freezeCount?: number;
}

/** Runs in the page: what it has received so far, from WebRTC's statistics and from what the SDK opened. */
export async function readPage(): Promise<PageCounts> {
  const watch = window.loadWatch ?? { joinMs: undefined, interruptions: 0, pictures: {} };
  const call = window.conclave;
  const gone = call === undefined || call.state.kind === 'left';
  const stats = await call?.getStats();
  const opened = await call?.frameCounts();
  const entries = stats ? ([...(stats.recv as unknown as Map<string, Inbound>).values()] as readonly Inbound[]) : [];
  // The probator is mediasoup-client's stream that only carries bandwidth probes.
  const inbound = entries.filter(
    ({ type, trackIdentifier }) => type === 'inbound-rtp' && trackIdentifier !== 'probator',
  );
  const sum = (key: 'packetsReceived' | 'packetsLost' | 'framesDecoded' | 'freezeCount') =>
    inbound.reduce((all, stream) => all + (stream[key] ?? 0), 0);
  const videos = inbound.filter(({ kind }) => kind === 'video');
  const moving = videos.filter(({ id, framesDecoded = 0 }) => framesDecoded > (watch.pictures[id] ?? 0));
  watch.pictures = Object.fromEntries(videos.map(({ id, framesDecoded = 0 }) => [id, framesDecoded]));
  return {
    atMs: performance.timeOrigin + performance.now(),
    packets: sum('packetsReceived'),
    lost: sum('packetsLost'),
    frames: opened ? opened.recv.audio + opened.recv.video : 0,
    drops: opened?.drops ?? {},
    pictures: sum('framesDecoded'),
    freezes: sum('freezeCount'),
    interruptions: watch.interruptions,
    videos: moving.length,
    gone,
  };
}

/** Runs in the page: why it is not in the call; `undefined` while it may yet come in. */
export function refusalOnPage(): { readonly code: string; readonly message: string } | undefined {
  const state: CallState | undefined = window.conclave?.state;
  if (state?.kind !== 'left') return undefined;
  const { reason } = state;
  if (reason.kind === 'refused') return { code: reason.code, message: reason.message };
  return { code: reason.kind, message: 'the page left the call' };
}
