import type { CallModel } from '../call-model.ts';
import { listenersLabel, STRINGS } from '../strings/index.ts';
import { Icon } from './icon.tsx';
import { PeopleButton } from './people/people-button.tsx';
import { RecordingBadge } from './recording-badge.tsx';
import { LockBadge } from './security/lock-badge.tsx';

/** Above the tiles: how safe the call is, and how to bring others in. */
export function CallBar({ model }: { readonly model: CallModel }) {
  return (
    <header class="call-bar">
      <LockBadge model={model} />
      <PeopleButton model={model} />
      <RecordingBadge model={model} />
      <ListenerCount model={model} />
      <button
        type="button"
        class="chip"
        data-control="invite"
        aria-label={STRINGS.controls.invite}
        title={STRINGS.controls.invite}
        onClick={() => void model.copyInvite()}
      >
        <Icon name="link" />
        {STRINGS.controls.inviteShort}
      </button>
    </header>
  );
}

/** Listeners have no tiles; their names are in the list that this opens. */
function ListenerCount({ model }: { readonly model: CallModel }) {
  const count = model.listeners.value.length;
  if (count === 0) return null;
  const label = listenersLabel(count);
  return (
    <button
      type="button"
      class="chip"
      data-control="listeners"
      aria-label={label}
      aria-expanded={model.panel.value === 'security'}
      title={label}
      onClick={() => model.toggle('security')}
    >
      <Icon name="ear" />
      {count}
    </button>
  );
}
