import { type Signal, useSignal } from '@preact/signals';
import { type ComponentChildren, toChildArray } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { type Box, tileSize } from '../grid-layout.ts';

interface GridProps {
  readonly label: string;
  readonly name: 'people' | 'screens';
  /** Where the grid says how large it is, for who has to know. */
  readonly measured?: Signal<Box | undefined>;
  readonly children: ComponentChildren;
}

/** Tiles of one size, as large as the grid's own box allows. */
export function Grid({ label, name, measured, children }: GridProps) {
  const grid = useRef<HTMLElement>(null);
  const box = useSignal<Box>({ widthPx: 0, heightPx: 0 });
  useEffect(() => {
    const element = grid.current;
    if (!element) return;
    const observer = new ResizeObserver(() => {
      box.value = { widthPx: element.clientWidth, heightPx: element.clientHeight };
      if (measured) measured.value = box.value;
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, [box, measured]);
  const { widthPx, heightPx } = tileSize(toChildArray(children).length, box.value);
  return (
    <section
      ref={grid}
      class="grid"
      aria-label={label}
      data-grid={name}
      style={{ '--tile-width': `${widthPx}px`, '--tile-height': `${heightPx}px` }}
    >
      {children}
    </section>
  );
}
