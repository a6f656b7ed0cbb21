/**
 * Where an ICE path stands. `restarts` counts those in a row that did not help.
 *
 *                ┌──────────── connected ────────────┐
 *                v                                   │
 *     carrying ─────── lost, network changed ──> restarting ── failed, overdue ──> broken
 *                                                 │      ^            (after MAX_RESTARTS)
 *                                                 └──────┘
 */
export type PathState =
  | { readonly kind: 'carrying' }
  | { readonly kind: 'restarting'; readonly restarts: number }
  | { readonly kind: 'broken' };

/** `lost`: nothing came for seconds, and it may come again by itself. `overdue`: a restart brought nothing in time. */
export type PathNews = 'connected' | 'lost' | 'failed' | 'overdue' | 'network-changed';

/** ICE restarts without success before the path is given up and the room joined anew. */
const MAX_RESTARTS = 2;

/** The state after `news`. A new object, `restarting`, asks for one more restart; the very same one asks for nothing. */
export function nextPathState(state: PathState, news: PathNews): PathState {
  if (state.kind === 'broken') return state;
  switch (news) {
    case 'connected':
      return { kind: 'carrying' };
    case 'network-changed':
      return { kind: 'restarting', restarts: 1 }; // what failed on the old network says nothing of the new one
    case 'lost':
      return state.kind === 'carrying' ? { kind: 'restarting', restarts: 1 } : state;
    case 'failed':
    case 'overdue': {
      const restarts = state.kind === 'restarting' ? state.restarts + 1 : 1;
      return restarts > MAX_RESTARTS ? { kind: 'broken' } : { kind: 'restarting', restarts };
    }
  }
}
