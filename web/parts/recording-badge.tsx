import type { CallModel } from '../call-model.ts';
import { recordersOf } from '../recording/recorders.ts';
import { recordingLabel, STRINGS } from '../strings/index.ts';

/** In sight for as long as somebody records. Pressing it says who, where there is no room for names; one's own stops. */
export function RecordingBadge({ model }: { readonly model: CallModel }) {
  const others = recordersOf(model.roster.value);
  return (
    <>
      {others.length > 0 && (
        <button
          type="button"
          class="chip recording"
          data-recorders={others.length}
          data-short={STRINGS.recording.short}
          title={recordingLabel(others)}
          onClick={() => model.notify({ key: 'recording', text: recordingLabel(others) })}
        >
          <span class="recording-dot" aria-hidden="true" />
          <span class="recording-who">{recordingLabel(others)}</span>
        </button>
      )}
      {model.recording.state.value === 'on' && (
        <button
          type="button"
          class="chip recording"
          data-control="stop-recording"
          title={STRINGS.recording.stop}
          onClick={() => model.recording.stop()}
        >
          <span class="recording-dot" aria-hidden="true" />
          <span>{STRINGS.recording.stop}</span>
        </button>
      )}
    </>
  );
}
