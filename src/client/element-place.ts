/**
 * Calls `changed` with the element's height in physical pixels, now and whenever it changes; 0 while it is scrolled away,
 * hidden or out of the document. The answer stops watching.
 */
export type WatchHeight = (element: HTMLElement, changed: (heightPx: number) => void) => () => void;

export const watchHeight: WatchHeight = (element, changed) => {
  let visible = true;
  const measure = () => changed(visible ? element.clientHeight * devicePixelRatio : 0);
  const resized = new ResizeObserver(measure);
  const moved = new IntersectionObserver((entries) => {
    visible = entries.at(-1)?.isIntersecting ?? false;
    measure();
  });
  resized.observe(element);
  moved.observe(element);
  measure();
  return () => {
    resized.disconnect();
    moved.disconnect();
  };
};
