import type { CallModel } from '../call-model.ts';
import { recordersOf } from '../recording/recorders.ts';
import { recordingLabel, STRINGS } from '../strings/index.ts';

/** In sight for as long as somebody records. Oneself stops by pressing it. */
export function RecordingBadge({ model }: { readonly model: CallModel }) {
  const others = recordersOf(model.roster.value);
  if (model.recording.state.value === 'on') {
    return (
      <button
        type="button"
        class="chip recording"
        data-control="stop-recording"
        aria-label={STRINGS.recording.stop}
        title={STRINGS.recording.stop}
        onClick={() => model.recording.stop()}
      >
        <span class="recording-dot" aria-hidden="true" />
        {STRINGS.recording.stop}
      </button>
    );
  }
  if (others.length === 0) return null;
  return (
    <p class="chip recording" data-recorders={others.length}>
      <span class="recording-dot" aria-hidden="true" />
      <span>{recordingLabel(others)}</span>
    </p>
  );
}
