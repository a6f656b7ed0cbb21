import type { ComponentChildren } from 'preact';
import { useEffect, useId, useRef } from 'preact/hooks';
import type { CallModel, Panel as PanelName } from '../call-model.ts';
import { STRINGS } from '../strings/index.ts';
import { Icon } from './icon.tsx';

interface PanelProps {
  readonly model: CallModel;
  readonly name: PanelName;
  readonly title: string;
  /** What is marked `data-first` gets the focus, else the title. */
  readonly children: ComponentChildren;
}

/** Stands beside the tiles, or over them on a phone. Takes the focus, and gives it back to where it was. */
export function Panel({ model, name, title, children }: PanelProps) {
  const panel = useRef<HTMLElement>(null);
  const id = useId();
  const close = () => {
    model.panel.value = undefined;
  };
  useEffect(() => {
    const opener = document.activeElement;
    const find = (selector: string) => panel.current?.querySelector<HTMLElement>(selector);
    (find('[data-first]') ?? find('h2'))?.focus();
    return () => {
      if (opener instanceof HTMLElement && opener.isConnected) opener.focus();
    };
  }, []);
  const pressed = (event: KeyboardEvent) => {
    if (event.key === 'Escape') close();
  };
  return (
    <section ref={panel} class="panel" role="dialog" aria-labelledby={id} data-panel={name} onKeyDown={pressed}>
      <header class="panel-head">
        <h2 id={id} tabIndex={-1}>
          {title}
        </h2>
        <button type="button" class="dismiss" aria-label={STRINGS.call.close} onClick={close}>
          <Icon name="close" />
        </button>
      </header>
      {children}
    </section>
  );
}
