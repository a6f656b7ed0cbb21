import { useSignal } from '@preact/signals';
import type { CallModel } from '../call-model.ts';
import { STRINGS } from '../strings/index.ts';

/** Whoever comes in on a second device may move the call to it, or stay with both. */
export function OtherDevice({ model }: { readonly model: CallModel }) {
  const keepsBoth = useSignal(false);
  const isElsewhere = model.roster.value.peers.some(({ isOwn }) => isOwn);
  if (!isElsewhere || keepsBoth.value || model.state.value.kind !== 'joined') return null;
  return (
    <p class="banner" role="status" data-banner="other-device">
      {STRINGS.otherDevice.here}
      <button type="button" class="inline" onClick={() => model.call.moveHere()}>
        {STRINGS.otherDevice.move}
      </button>
      <button
        type="button"
        class="inline"
        onClick={() => {
          keepsBoth.value = true;
        }}
      >
        {STRINGS.otherDevice.keepBoth}
      </button>
    </p>
  );
}
