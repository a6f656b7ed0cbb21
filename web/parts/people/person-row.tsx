import type { Signal } from '@preact/signals';
import { useId, useRef } from 'preact/hooks';
import type { MemberId } from '../../../src/client/index.ts';
import type { CallModel } from '../../call-model.ts';
import type { Person } from '../../people.ts';
import { DOUBTS, personLabel, STRINGS, TRUSTS } from '../../strings/index.ts';
import { Avatar } from '../avatar.tsx';
import { Icon } from '../icon.tsx';
import { PersonMenu } from './person-menu.tsx';

interface PersonRowProps {
  readonly model: CallModel;
  readonly person: Person;
  /** Whose options stand open. */
  readonly opened: Signal<MemberId | undefined>;
  /** Whether it is worth saying that this one may remove people and lock the call: not when all may. */
  readonly showsRight: boolean;
}

/** One person: who, how sure that is, heard or not; behind the dots, what can be done. */
export function PersonRow({ model, person, opened, showsRight }: PersonRowProps) {
  const opener = useRef<HTMLButtonElement>(null);
  const id = useId();
  const { memberId, peerId, name, speaking, handRaised, verified, doubt } = person;
  const isSelf = peerId === undefined;
  const isOpen = opened.value === memberId;
  const pressed = (event: KeyboardEvent) => {
    if (event.key !== 'Escape' || !isOpen) return;
    event.stopPropagation(); // the panel stays
    opened.value = undefined;
    opener.current?.focus();
  };
  return (
    <li class="person" data-person={name} data-self={isSelf} data-speaking={speaking} onKeyDown={pressed}>
      <div class="person-line">
        <Avatar name={name} />
        <div class="member-text">
          <span class="person-name">
            <span class="member-name">{isSelf ? `${name} (${STRINGS.call.you})` : name}</span>
            {verified && !doubt && (
              <span class="person-verified" role="img" aria-label={TRUSTS.verified} title={TRUSTS.verified}>
                <Icon name="shield-check" />
              </span>
            )}
          </span>
          {doubt && (
            <span class="member-trust" data-trust={doubt}>
              <Icon name="shield-alert" />
              {DOUBTS[doubt]}
            </span>
          )}
          {showsRight && <span class="member-role">{STRINGS.people.moderator}</span>}
        </div>
        {handRaised && (
          <span class="member-hand" role="img" aria-label={STRINGS.call.hand} title={STRINGS.call.hand}>
            <Icon name="hand" />
          </span>
        )}
        {person.role === 'speaker' && <Microphone person={person} />}
        {!isSelf && (
          <button
            ref={opener}
            type="button"
            class="dismiss person-more"
            aria-label={personLabel(name)}
            title={personLabel(name)}
            aria-expanded={isOpen}
            aria-controls={isOpen ? id : undefined}
            onClick={() => {
              opened.value = isOpen ? undefined : memberId;
            }}
          >
            <Icon name="more" />
          </button>
        )}
      </div>
      {isOpen && !isSelf && <PersonMenu id={id} model={model} person={person} peerId={peerId} />}
    </li>
  );
}

/** Whether one is heard, and speaks now. */
function Microphone({ person: { muted, speaking } }: { readonly person: Person }) {
  const label = muted ? STRINGS.people.muted : speaking ? STRINGS.people.speaking : STRINGS.people.unmuted;
  return (
    <span class="person-microphone" data-muted={muted} role="img" aria-label={label} title={label}>
      <Icon name={muted ? 'microphone-off' : 'microphone'} />
    </span>
  );
}
