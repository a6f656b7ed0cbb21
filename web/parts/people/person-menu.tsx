import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import type { PeerId } from '../../../src/client/index.ts';
import type { CallModel } from '../../call-model.ts';
import type { Person } from '../../people.ts';
import { personLabel, STRINGS, volumeLabel } from '../../strings/index.ts';

interface PersonMenuProps {
  readonly id: string;
  readonly model: CallModel;
  readonly person: Person;
  readonly peerId: PeerId;
}

/** What can be done about one person: how loud here, ask to mute, remove. */
export function PersonMenu({ id, model, person, peerId }: PersonMenuProps) {
  const { moderating } = model;
  const asksFirst = useSignal(false);
  if (asksFirst.value)
    return (
      <Confirm
        id={id}
        person={person}
        onCancel={() => {
          asksFirst.value = false;
        }}
        onConfirm={() => void moderating.remove(person)}
      />
    );
  return (
    <fieldset id={id} class="person-menu" aria-label={personLabel(person.name)}>
      {person.role === 'speaker' && <Volume model={model} person={person} peerId={peerId} />}
      {!person.muted && (
        <button type="button" class="quiet" onClick={() => moderating.askToMute(person)}>
          {STRINGS.people.askToMute}
        </button>
      )}
      {moderating.allowed.value && (
        <button
          type="button"
          class="quiet grave"
          onClick={() => {
            asksFirst.value = true;
          }}
        >
          {STRINGS.people.remove}
        </button>
      )}
    </fieldset>
  );
}

function Volume({ model, person, peerId }: Omit<PersonMenuProps, 'id'>) {
  const volume = useSignal(model.call.volumeOf(peerId));
  return (
    <label class="volume">
      <span>{STRINGS.people.volume}</span>
      <input
        type="range"
        min="0"
        max="1"
        step="0.05"
        value={volume.value}
        aria-label={volumeLabel(person.name)}
        aria-valuetext={`${Math.round(volume.value * 100)} %`}
        onInput={({ currentTarget }) => {
          volume.value = currentTarget.valueAsNumber;
          model.call.setVolume(peerId, volume.value);
        }}
      />
      <output class="volume-value" aria-hidden="true">
        {Math.round(volume.value * 100)} %
      </output>
    </label>
  );
}

interface ConfirmProps {
  readonly id: string;
  readonly person: Person;
  readonly onConfirm: () => void;
  readonly onCancel: () => void;
}

/** Asked once: who is removed does not come back. */
function Confirm({ id, person: { name }, onConfirm, onCancel }: ConfirmProps) {
  const cancel = useRef<HTMLButtonElement>(null);
  useEffect(() => cancel.current?.focus(), []);
  return (
    <div id={id} class="person-menu" role="alertdialog" aria-label={`${STRINGS.people.remove} ${name}?`}>
      <p>
        <strong>{`${STRINGS.people.remove} ${name}?`}</strong> {STRINGS.people.removeWhy}
      </p>
      <button ref={cancel} type="button" class="quiet" onClick={onCancel}>
        {STRINGS.people.keep}
      </button>
      <button type="button" class="primary grave" onClick={onConfirm}>
        {STRINGS.people.remove}
      </button>
    </div>
  );
}
