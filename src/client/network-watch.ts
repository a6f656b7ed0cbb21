/** Calls `changed` when this device has another network than before, or one again. The answer stops watching. */
export type WatchNetwork = (changed: () => void) => () => void;

/** Network Information (WICG): not in every browser, and without `type` on most desktops. */
type Connection = EventTarget & { readonly type?: string };

export const watchNetwork: WatchNetwork = (changed) => {
  const connection = (navigator as { readonly connection?: Connection }).connection;
  let type = connection?.type;
  // It also tells every new estimate of the same network's speed.
  const compare = () => {
    if (connection?.type === type) return;
    type = connection?.type;
    if (type !== 'none') changed();
  };
  addEventListener('online', changed);
  connection?.addEventListener('change', compare);
  return () => {
    removeEventListener('online', changed);
    connection?.removeEventListener('change', compare);
  };
};
