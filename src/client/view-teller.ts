import type { Clock } from '../base/index.ts';
import type { Neighbour } from '../wire/index.ts';
import { asksForMore, type ShownTile, sameView, type View, viewOf } from './view.ts';

/** New tiles come in groups (a grid is laid out element by element): one frame of a display gathers them. */
const MORE_DELAY_MS = 16;

/** A window being resized changes every tile at every frame; the picture may follow when the hand rests, or when it is far too small. */
const RESIZE_DELAY_MS = 250;

/** Tells the server what is on the screen: soon when it shows more, later when it only changed, never twice the same. */
export class ViewTeller {
  readonly #clock: Clock;
  readonly #shown = new Map<object, ShownTile>();
  #tell: ((view: View) => void) | undefined;
  #told: View | undefined;
  #hears = true;
  #expected: readonly Neighbour[] = [];
  #pending: 'soon' | 'later' | undefined;
  #stopTimer: () => void = () => undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** From now on to a new listener, who hears everything once at once. `undefined` while there is none. */
  bind(tell: ((view: View) => void) | undefined): void {
    this.#tell = tell;
    this.#told = undefined;
    this.#flush();
  }

  /** What `element` shows now; `undefined` when it shows nothing any more. */
  show(element: object, tile: ShownTile | undefined): void {
    if (tile) this.#shown.set(element, tile);
    else this.#shown.delete(element);
    this.#changed();
  }

  /** False: this device is silenced, and no audio is sent to it. */
  setHears(hears: boolean): void {
    this.#hears = hears;
    this.#changed();
  }

  /** What may be shown in a moment, and is attached nowhere yet; replaces what was expected before. */
  expect(expected: readonly Neighbour[]): void {
    this.#expected = expected;
    this.#changed();
  }

  #view(): View {
    return viewOf(this.#shown.values(), { hears: this.#hears, expected: this.#expected });
  }

  #changed(): void {
    if (!this.#tell) return;
    const next = asksForMore(this.#told, this.#view()) ? 'soon' : 'later';
    if (next === 'soon' && this.#pending === 'soon') return;
    this.#stopTimer();
    this.#pending = next;
    this.#stopTimer = this.#clock.after(next === 'soon' ? MORE_DELAY_MS : RESIZE_DELAY_MS, () => this.#flush());
  }

  #flush(): void {
    this.#stopTimer();
    this.#pending = undefined;
    const view = this.#view();
    if (!this.#tell || sameView(this.#told, view)) return;
    this.#told = view;
    this.#tell(view);
  }
}
