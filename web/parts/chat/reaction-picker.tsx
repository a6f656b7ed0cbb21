import { useRef } from 'preact/hooks';
import { REACTIONS, STRINGS } from '../../strings/index.ts';
import type { Talk } from '../../talk.ts';
import { Control } from '../control.tsx';

const CHOICE = 'reaction-choice';

/** A button, and six emoji above it until one is chosen or something else pressed. */
export function ReactionPicker({ talk }: { readonly talk: Talk }) {
  const choice = useRef<HTMLFieldSetElement>(null);
  const react = (emoji: string) => {
    talk.react(emoji);
    choice.current?.hidePopover();
  };
  return (
    <>
      <Control name="react" label={STRINGS.controls.react} icon="smile" opens={CHOICE} />
      <fieldset ref={choice} id={CHOICE} class="reaction-choice" popover="auto">
        <legend class="unseen">{STRINGS.controls.reactions}</legend>
        {REACTIONS.map(({ emoji, name }) => (
          <button key={emoji} type="button" aria-label={name} title={name} onClick={() => react(emoji)}>
            {emoji}
          </button>
        ))}
      </fieldset>
    </>
  );
}
