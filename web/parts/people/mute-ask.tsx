import type { CallModel } from '../../call-model.ts';
import { moderationNotice, STRINGS } from '../../strings/index.ts';

/** Somebody asks this person to mute: it is theirs to do. */
export function MuteAsk({ model: { moderating } }: { readonly model: CallModel }) {
  const ask = moderating.ask.value;
  if (!ask) return null;
  return (
    <div class="knocker mute-ask" role="alert" data-mute-ask={ask.displayName}>
      <p>{moderationNotice.asksYou(ask.displayName)}</p>
      <div class="knocker-answers">
        <button type="button" class="quiet" onClick={() => moderating.answer({ mutes: false })}>
          {STRINGS.people.ignore}
        </button>
        <button type="button" class="primary" onClick={() => moderating.answer({ mutes: true })}>
          {STRINGS.people.mute}
        </button>
      </div>
    </div>
  );
}
