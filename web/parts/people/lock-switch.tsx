import { useId } from 'preact/hooks';
import type { CallModel } from '../../call-model.ts';
import { STRINGS } from '../../strings/index.ts';
import { Icon } from '../icon.tsx';

/** For who may: the switch. For all others, while the call is locked: that it is. */
export function LockSwitch({ model: { moderating } }: { readonly model: CallModel }) {
  const id = useId();
  const locked = moderating.locked.value;
  if (!moderating.allowed.value)
    return locked ? (
      <p class="door" data-locked="true">
        <Icon name="door" />
        <span class="door-text">{STRINGS.people.isLocked}</span>
      </p>
    ) : null;
  return (
    <label class="door" data-locked={locked}>
      <Icon name={locked ? 'door' : 'door-open'} />
      <span class="door-text">
        <span>{STRINGS.people.lock}</span>
        <span id={id} class="door-why">
          {locked ? STRINGS.people.lockedWhy : STRINGS.people.lockWhy}
        </span>
      </span>
      <input
        type="checkbox"
        role="switch"
        class="switch"
        checked={locked}
        aria-checked={locked}
        aria-describedby={id}
        aria-label={STRINGS.people.lock}
        onClick={(event) => {
          event.preventDefault(); // it stands as the server says
          void moderating.lock(!locked);
        }}
      />
    </label>
  );
}
