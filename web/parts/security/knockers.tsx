import type { CallModel } from '../../call-model.ts';
import { STRINGS } from '../../strings/index.ts';
import { Avatar } from '../avatar.tsx';

/** Who waits at the door, and the two answers. */
export function Knockers({ model }: { readonly model: CallModel }) {
  const { knockers } = model.security.value;
  return (
    <section class="knockers" aria-label={STRINGS.knocking.region} aria-live="polite">
      {knockers.map((knocker) => {
        const { deviceKey, name = STRINGS.knocking.nameless } = knocker;
        return (
          <div key={deviceKey} class="knocker" data-knocker={name}>
            <Avatar name={name} />
            <p>
              <strong>{name}</strong> {STRINGS.knocking.wants}
            </p>
            <div class="knocker-answers">
              <Answer label={STRINGS.knocking.refuse} name={name} onPress={() => model.call.admit(knocker, false)} />
              <Answer label={STRINGS.knocking.admit} name={name} onPress={() => model.call.admit(knocker, true)} />
            </div>
          </div>
        );
      })}
    </section>
  );
}

interface AnswerProps {
  readonly label: string;
  readonly name: string;
  readonly onPress: () => void;
}

function Answer({ label, name, onPress }: AnswerProps) {
  const look = label === STRINGS.knocking.admit ? 'primary' : 'quiet';
  return (
    <button type="button" class={look} aria-label={`${label} ${name}`} onClick={onPress}>
      {label}
    </button>
  );
}
