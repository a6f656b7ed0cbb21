import type { ComponentChildren } from 'preact';
import { useEffect, useId, useRef } from 'preact/hooks';
import { Icon } from './icon.tsx';

interface MenuProps {
  readonly name: string;
  /** Of the button that opens it. */
  readonly label: string;
  /** Among the controls of the call, or small in the corner of a tile. */
  readonly look: 'control' | 'corner';
  /** Buttons of the class `menu-item`: each closes it. */
  readonly children: ComponentChildren;
}

/** Between the button and what it opens. */
const GAP_PX = 6;

/** A button with three dots, and what can be done. Escape, or a press elsewhere, closes it: browsers see to that for popovers. */
export function Menu({ name, label, look, children }: MenuProps) {
  const button = useRef<HTMLButtonElement>(null);
  const menu = useRef<HTMLDivElement>(null);
  const id = useId();
  useEffect(() => {
    const opens = (event: Event) => {
      if ((event as ToggleEvent).newState === 'open' && button.current && menu.current)
        stand(menu.current, button.current.getBoundingClientRect());
    };
    const chosen = () => menu.current?.hidePopover();
    menu.current?.addEventListener('beforetoggle', opens);
    menu.current?.addEventListener('click', chosen);
  }, []);
  return (
    <>
      <button
        ref={button}
        type="button"
        class={look === 'control' ? 'control' : 'menu-button'}
        data-menu={name}
        aria-label={label}
        title={label}
        popovertarget={id}
      >
        <Icon name="more" />
      </button>
      <div ref={menu} id={id} class="menu" popover="auto">
        {children}
      </div>
    </>
  );
}

/** Towards the middle of the window, where there is room. */
function stand({ style }: HTMLElement, { left, right, top, bottom }: DOMRect): void {
  const isLeft = left + right < innerWidth;
  const isHigh = top + bottom < innerHeight;
  style.left = isLeft ? `${left}px` : 'auto';
  style.right = isLeft ? 'auto' : `${innerWidth - right}px`;
  style.top = isHigh ? `${bottom + GAP_PX}px` : 'auto';
  style.bottom = isHigh ? 'auto' : `${innerHeight - top + GAP_PX}px`;
}
