import { useSignal } from '@preact/signals';
import type { CallModel } from '../../call-model.ts';
import { STRINGS } from '../../strings/index.ts';
import { DigitCode } from './digit-code.tsx';
import { EmojiCodeView } from './emoji-code.tsx';

const KINDS = ['emoji', 'digits'] as const;

/** One code at a time, so that it is certain which one people found to be the same. */
export function Compare({ model }: { readonly model: CallModel }) {
  const kind = useSignal<(typeof KINDS)[number]>('emoji');
  return (
    <section class="panel-part">
      <h3>{STRINGS.security.compare}</h3>
      <fieldset class="choice">
        <legend class="unseen">{STRINGS.security.which}</legend>
        {KINDS.map((each) => (
          <label key={each}>
            <input
              type="radio"
              name="code"
              checked={kind.value === each}
              onChange={() => {
                kind.value = each;
              }}
            />
            <span>{STRINGS.security[each]}</span>
          </label>
        ))}
      </fieldset>
      {kind.value === 'emoji' ? <EmojiCodeView model={model} /> : <DigitCode model={model} />}
    </section>
  );
}
