import { useEffect } from 'preact/hooks';
import type { CallModel } from './call-model.ts';

type Keys = Readonly<Record<string, (model: CallModel) => unknown>>;

/** M and V as people know them from other calls; H for the hand, C for the chat, P for the people; pages of people as of a text. */
const KEYS: Keys = {
  m: ({ call, microphoneOn }) => call.setMicrophone(!microphoneOn.value),
  v: ({ call, cameraOn }) => call.setCamera(!cameraOn.value),
  h: ({ talk }) => talk.raiseHand(!talk.handRaised.value),
  c: (model) => model.toggle('chat'),
  p: (model) => model.toggle('people'),
  PageUp: (model) => model.turnTo(model.peoplePage.value.index - 1),
  PageDown: (model) => model.turnTo(model.peoplePage.value.index + 1),
};

/** Single keys for what people do often; not while they type. */
export function useCallKeys(model: CallModel): void {
  useEffect(() => {
    const pressed = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
      if (event.target instanceof HTMLInputElement && event.target.type !== 'radio') return;
      const act = KEYS[event.key];
      if (!act || (event.key.startsWith('Page') && isInPanel(event.target))) return;
      event.preventDefault(); // so that C does not write itself into the chat
      act(model);
    };
    addEventListener('keydown', pressed);
    return () => removeEventListener('keydown', pressed);
  }, [model]);
}

/** There they scroll what is written. */
const isInPanel = (target: EventTarget | null) => target instanceof Element && target.closest('.panel') !== null;
