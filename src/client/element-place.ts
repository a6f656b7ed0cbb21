import type { Place } from './view.ts';

/** Calls `changed` with where the element stands, now and whenever that changes. The answer stops watching. */
export type WatchPlace = (element: HTMLElement, changed: (place: Place) => void) => () => void;

/** What is within one screen, or one scrolled box, of the visible part: one flick of a finger away. */
const NEAR = '100%';

export const watchPlace: WatchPlace = (element, changed) => {
  let visible = true;
  let near = true;
  const measure = () => {
    if (visible) changed({ kind: 'visible', heightPx: element.clientHeight * devicePixelRatio });
    else changed({ kind: near ? 'near' : 'away' });
  };
  const isInside = (entries: readonly IntersectionObserverEntry[]) => entries.at(-1)?.isIntersecting ?? false;
  const resized = new ResizeObserver(measure);
  const moved = new IntersectionObserver((entries) => {
    visible = isInside(entries);
    measure();
  });
  const approached = new IntersectionObserver(
    (entries) => {
      near = isInside(entries);
      measure();
    },
    { rootMargin: NEAR, scrollMargin: NEAR },
  );
  const observers = [resized, moved, approached];
  for (const observer of observers) observer.observe(element);
  measure();
  return () => {
    for (const observer of observers) observer.disconnect();
  };
};
