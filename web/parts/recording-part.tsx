import type { CallModel } from '../call-model.ts';
import { STRINGS } from '../strings/index.ts';

/** Starts and stops a recording, and says who is told and what it cannot promise. */
export function RecordingPart({ model: { recording } }: { readonly model: CallModel }) {
  const state = recording.state.value;
  const words = STRINGS.recording;
  return (
    <section class="panel-part" data-recording={state}>
      <h3>{words.title}</h3>
      <p class="panel-lead">{words.lead}</p>
      <button
        type="button"
        class={state === 'on' ? 'primary' : 'quiet'}
        disabled={state === 'asking' || state === 'saving'}
        onClick={() => (state === 'on' ? recording.stop() : void recording.start())}
      >
        {state === 'on' ? words.stop : state === 'off' ? words.start : words[state]}
      </button>
      <p class="panel-lead">{words.elsewhere}</p>
    </section>
  );
}
