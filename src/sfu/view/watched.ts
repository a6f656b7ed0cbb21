/**
 * A layer that nobody watches any more is sent for so long: pages are turned back, windows are resized. Higher costs the sender
 * upload, lower makes who looks again wait for a key frame of an encoder that had stopped.
 */
const KEEP_MS = 5_000;

/**
 * While anything is watched, layers up to this one are sent. Who watches the lowest may make it large at any moment, and mediasoup's
 * worker goes up to a simulcast stream only when that has flowed for 2 s: with this a grown tile is sharper at once, without it after
 * three seconds. It costs a sender with the line for it 500 kbit/s; the largest layer, of three times that, sleeps all the same.
 */
const KEPT_READY = 1;

/** Until when each spatial layer, or one above it, was watched, lowest first; infinite while it is. */
export type WatchedUntil = readonly number[];

/** As if everything were watched until now: who publishes sends all layers before it is told anything. */
export function watchedAtFirst(spatialLayers: number, nowMs: number): WatchedUntil {
  return Array.from({ length: spatialLayers }, () => nowMs);
}

/** After the highest layer that is watched became `highest`; `undefined` when none is. */
export function nextWatched(before: WatchedUntil, highest: number | undefined, nowMs: number): WatchedUntil {
  const isWatched = (layer: number) => highest !== undefined && layer <= Math.max(highest, KEPT_READY);
  return before.map((untilMs, layer) =>
    isWatched(layer) ? Number.POSITIVE_INFINITY : untilMs === Number.POSITIVE_INFINITY ? nowMs : untilMs,
  );
}

/** The highest layer that is worth sending; `undefined` when none is. */
export function layerWanted(watched: WatchedUntil, nowMs: number): number | undefined {
  const layer = watched.findLastIndex((untilMs) => nowMs < untilMs + KEEP_MS);
  return layer < 0 ? undefined : layer;
}

/** When `layerWanted` becomes less, if nothing else happens; `undefined` when it does not. */
export function lessWantedAtMs(watched: WatchedUntil, nowMs: number): number | undefined {
  const untilMs = watched[layerWanted(watched, nowMs) ?? -1];
  return untilMs === undefined || untilMs === Number.POSITIVE_INFINITY ? undefined : untilMs + KEEP_MS;
}
