import { computed, effect, type ReadonlySignal, signal, untracked } from '@preact/signals';
import type { Roster } from '../../src/client/index.ts';
import type { Box } from '../grid-layout.ts';
import { remember, remembered } from '../remembered.ts';
import { type Arrangement, arrange } from './arrangement.ts';
import { type Floor, floorAfter, NO_FLOOR } from './floor.ts';
import { isSame, type Layout, layoutOf, type Spot, type View } from './layout.ts';
import { NO_PLACES, type Places, placesAfter, staying } from './places.ts';

const VIEW_KEY = 'conclave.view';

const NO_ROOM: Box = { widthPx: 0, heightPx: 0 };

interface StageParts {
  readonly roster: ReadonlySignal<Roster>;
  /** Whether this device only listens, and has no tile. */
  readonly listens: ReadonlySignal<boolean>;
}

/** The tiles of a call as signals: who is large, who stands where, which page is shown. The deciding is done beside it. */
export class Stage {
  readonly view = signal<View>(remembered(() => localStorage, VIEW_KEY) === 'speaker' ? 'speaker' : 'grid');
  readonly pinned = signal<Spot | undefined>(undefined);
  /** What the tiles have to themselves, once it is measured. */
  readonly box = signal<Box>(NO_ROOM);
  readonly layout: ReadonlySignal<Layout>;
  readonly arrangement: ReadonlySignal<Arrangement>;
  readonly #parts: StageParts;
  readonly #page = signal(0);
  readonly #floor = signal<Floor>(NO_FLOOR);
  readonly #places = signal<Places>(NO_PLACES);
  readonly #sharers = signal<Places['order']>([]);
  readonly #stop: () => void;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(parts: StageParts) {
    this.#parts = parts;
    this.layout = computed(() =>
      layoutOf({
        view: this.view.value,
        pinned: this.pinned.value,
        people: this.#places.value.order,
        sharers: this.#sharers.value,
        holder: this.#floor.value.holder,
      }),
    );
    this.arrangement = computed(() => {
      const hasSelf = !parts.listens.value;
      return arrange(this.layout.value, { box: this.box.value, page: this.#page.value, hasSelf });
    });
    this.#stop = effect(() => {
      for (const cause of [parts.roster, this.view, this.pinned, this.box, this.#page]) cause.value;
      untracked(() => this.#look());
    });
  }

  close(): void {
    this.#stop();
    clearTimeout(this.#timer);
  }

  choose(view: View): void {
    this.view.value = view;
    this.pinned.value = undefined; // who asks for another view wants to see it
    this.#page.value = 0;
    remember(() => localStorage, VIEW_KEY, view);
  }

  isPinned(spot: Spot): boolean {
    return this.pinned.value !== undefined && isSame(this.pinned.value, spot);
  }

  /** Large until it is pressed again. */
  togglePin(spot: Spot): void {
    this.pinned.value = this.isPinned(spot) ? undefined : spot;
  }

  /** To that page, or as near to it as there are pages. The answer is whether another one is shown. */
  turnTo(page: number): boolean {
    const before = this.arrangement.value.page.index;
    this.#page.value = page;
    return this.arrangement.value.page.index !== before;
  }

  /** Who is here and who is heard: at every change, and when a turn to speak is due. */
  #look(): void {
    const { peers, speakers } = this.#parts.roster.value;
    const people = peers.filter(({ role }) => role === 'speaker').map(({ id }) => id);
    const sharers = peers.filter(({ publications }) => publications.some(({ source }) => source === 'screen'));
    this.#sharers.value = staying(
      this.#sharers.value,
      sharers.map(({ id }) => id),
    );
    const nowMs = performance.now();
    this.#floor.value = floorAfter(this.#floor.value, { speakers, people }, nowMs);
    const { holder, challenger } = this.#floor.value;
    clearTimeout(this.#timer);
    if (challenger) this.#timer = setTimeout(() => this.#look(), challenger.dueMs - nowMs);
    const isFirstPage = this.arrangement.value.page.index === 0; // on a later one nobody is taken away from under the eyes
    this.#places.value = placesAfter(this.#places.value, {
      people,
      speakers,
      holder: isFirstPage ? holder : undefined,
      seats: this.#seats(),
    });
    this.#page.value = this.arrangement.value.page.index; // who comes later turns no page
  }

  /** How many of the first places are in sight. Who speaks large has the first. */
  #seats(): number {
    const layout = this.layout.value;
    if (layout.kind === 'speaker' && !this.isPinned(layout.large)) return 1;
    const { order } = this.#places.value;
    const shown = this.arrangement.value.page.people.map(({ peerId }) => order.indexOf(peerId));
    return 1 + Math.max(0, ...shown);
  }
}
