import { type Clock, systemClock } from '../base/index.ts';

/** Calls `changed` when this device has another network than before, or one again. The answer stops watching. */
export type WatchNetwork = (changed: () => void) => () => void;

/** Network Information (WICG): not in every browser, and without `type` on most desktops. */
type Connection = EventTarget & { readonly type?: string };

/** One change is told by several events, and each would restart ICE. Longer would only add to the silence. */
const SETTLE_MS = 50;

/** Browsers' own, as it is in every page. */
interface NetworkSource {
  readonly page: Pick<EventTarget, 'addEventListener' | 'removeEventListener'>;
  readonly connection: Connection | undefined;
  readonly clock: Clock;
}

export const watchNetwork: WatchNetwork = (changed) => {
  const { connection } = navigator as { readonly connection?: Connection };
  return watchNetworkOf({ page: window, connection, clock: systemClock }, changed);
};

/** As watchNetwork, of any page. */
export function watchNetworkOf({ page, connection, clock }: NetworkSource, changed: () => void): () => void {
  let type = connection?.type;
  let stopTimer: (() => void) | undefined;
  const settle = () => {
    stopTimer ??= clock.after(SETTLE_MS, () => {
      stopTimer = undefined;
      changed();
    });
  };
  // It also tells every new estimate of the same network's speed.
  const compare = () => {
    if (connection?.type === type) return;
    type = connection?.type;
    if (type !== 'none') settle();
  };
  page.addEventListener('online', settle);
  connection?.addEventListener('change', compare);
  return () => {
    stopTimer?.();
    page.removeEventListener('online', settle);
    connection?.removeEventListener('change', compare);
  };
}
