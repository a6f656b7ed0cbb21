import type { CallModel } from '../call-model.ts';
import { STRINGS } from '../strings.ts';
import { Icon } from './icon.tsx';
import { LockBadge } from './security/lock-badge.tsx';

/** Above the tiles: how safe the call is, and how to bring others in. */
export function CallBar({ model }: { readonly model: CallModel }) {
  return (
    <header class="call-bar">
      <LockBadge model={model} />
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
