import type { CallModel } from '../call-model.ts';
import { listenersLabel, STRINGS } from '../strings/index.ts';
import { Icon } from './icon.tsx';
import { PeopleButton } from './people/people-button.tsx';
import { RecordingBadge } from './recording-badge.tsx';
import { LockBadge } from './security/lock-badge.tsx';

/** Above the tiles: how safe the call is, how it is looked at, and how to bring others in. */
export function CallBar({ model }: { readonly model: CallModel }) {
  return (
    <header class="call-bar">
      <LockBadge model={model} />
      <PeopleButton model={model} />
      <RecordingBadge model={model} />
      <ListenerCount model={model} />
      <span class="call-bar-gap" />
      <ViewSwitch model={model} />
      <button
        type="button"
        class="chip"
        data-control="invite"
        aria-label={STRINGS.controls.invite}
        aria-expanded={model.panel.value === 'invite'}
        title={STRINGS.controls.invite}
        onClick={() => model.toggle('invite')}
      >
        <Icon name="link" />
        <span>{STRINGS.controls.inviteShort}</span>
      </button>
    </header>
  );
}

/** Says what it changes to. */
function ViewSwitch({ model: { stage } }: { readonly model: CallModel }) {
  const other = stage.view.value === 'grid' ? 'speaker' : 'grid';
  const label = STRINGS.stage[other];
  return (
    <button
      type="button"
      class="chip view-switch"
      data-control="view"
      data-view={stage.view.value}
      aria-label={label}
      title={label}
      onClick={() => stage.choose(other)}
    >
      <Icon name={other} />
      <span>{label}</span>
    </button>
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
