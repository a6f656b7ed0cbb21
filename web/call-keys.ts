import { useEffect } from 'preact/hooks';
import type { CallModel } from './call-model.ts';

type Keys = Readonly<Record<string, (model: CallModel) => unknown>>;

/** M and V as people know them from other calls; the first letters of what they open; pages of people as of a text. */
const KEYS: Keys = {
  m: ({ call, microphoneOn }) => call.setMicrophone(!microphoneOn.value),
  v: ({ call, cameraOn }) => call.setCamera(!cameraOn.value),
  h: ({ talk }) => talk.raiseHand(!talk.handRaised.value),
  c: (model) => model.toggle('chat'),
  p: (model) => model.toggle('people'),
  s: ({ stage }) => stage.choose(stage.view.value === 'grid' ? 'speaker' : 'grid'),
  '?': (model) => model.toggle('keys'),
  PageUp: (model) => model.turnTo(model.stage.arrangement.value.page.index - 1),
  PageDown: (model) => model.turnTo(model.stage.arrangement.value.page.index + 1),
};

/** Single keys for what people do often; not while they type. */
export function useCallKeys(model: CallModel): void {
  useEffect(() => {
    /** Space presses the button that Tab has led to; one that was clicked has only kept the focus. */
    let isByPointer = true;
    const pointed = () => {
      isByPointer = true;
    };
    const pressed = (event: KeyboardEvent) => {
      if (event.key === 'Tab') isByPointer = false;
      if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
      if (event.key === ' ') {
        if (event.target instanceof HTMLInputElement) return;
        if (!isByPointer && event.target instanceof HTMLButtonElement) return;
        event.preventDefault();
        if (!event.repeat) model.holdToTalk(true);
        return;
      }
      const act = KEYS[event.key.length === 1 ? event.key.toLowerCase() : event.key];
      if (!act || event.repeat || (event.key.startsWith('Page') && isInPanel(event.target))) return;
      event.preventDefault(); // so that C does not write itself into the chat
      act(model);
    };
    const released = (event: KeyboardEvent) => {
      if (event.key !== ' ') return;
      if (model.heldToTalk.value) event.preventDefault(); // it would press the button that has the focus
      model.holdToTalk(false);
    };
    const away = () => model.holdToTalk(false); // the key is let go where this page does not see it
    addEventListener('pointerdown', pointed);
    addEventListener('keydown', pressed);
    addEventListener('keyup', released);
    addEventListener('blur', away);
    return () => {
      removeEventListener('pointerdown', pointed);
      removeEventListener('keydown', pressed);
      removeEventListener('keyup', released);
      removeEventListener('blur', away);
      away();
    };
  }, [model]);
}

/** Radio buttons, check boxes and sliders take no letters. */
const WORDLESS: readonly string[] = ['radio', 'checkbox', 'range'];

function isTyping(target: EventTarget | null): boolean {
  if (target instanceof HTMLInputElement) return !WORDLESS.includes(target.type);
  return target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement;
}

/** There they scroll what is written. */
const isInPanel = (target: EventTarget | null) => target instanceof Element && target.closest('.panel') !== null;
