import type { CallModel } from '../call-model.ts';
import { STRINGS } from '../strings/index.ts';
import { Icon } from './icon.tsx';

/** What holds for the whole call just now, each with the one thing to do about it. */
export function Banners({ model }: { readonly model: CallModel }) {
  return (
    <>
      {model.state.value.kind === 'reconnecting' && (
        <p class="banner" role="status" data-banner="reconnecting">
          <span class="spinner" aria-hidden="true" />
          <span>
            {STRINGS.call.reconnecting} <span class="banner-lead">{STRINGS.call.reconnectingLead}</span>
          </span>
        </p>
      )}
      {model.soundBlocked.value && (
        <p class="banner" role="status" data-banner="sound">
          {STRINGS.call.soundBlocked}
          <button type="button" class="inline" onClick={() => void model.playSound()}>
            {STRINGS.call.playSound}
          </button>
        </p>
      )}
      {model.sharing.value && (
        <p class="banner" role="status" data-banner="sharing">
          {STRINGS.call.sharing}
          <button type="button" class="inline" onClick={() => void model.call.setScreenShare(false)}>
            {STRINGS.controls.shareOff}
          </button>
        </p>
      )}
      {model.heldToTalk.value && (
        <p class="banner" role="status" data-banner="talking">
          <Icon name="microphone" />
          {STRINGS.call.talking}
        </p>
      )}
    </>
  );
}
