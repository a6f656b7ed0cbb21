import type { MemberId } from '../../../src/client/index.ts';
import type { MarkedQuality } from '../../marked-quality.ts';
import type { Doubt } from '../../security-mark.ts';
import { DOUBTS, QUALITIES } from '../../strings/index.ts';
import type { Talk } from '../../talk.ts';
import { Icon } from '../icon.tsx';

interface TileMarksProps {
  readonly handRaised: boolean;
  readonly doubt?: Doubt | undefined;
  /** Only what is worth a mark. */
  readonly quality?: MarkedQuality | undefined;
}

/** Seen, not heard: the tile's label says the same. */
export function TileMarks({ handRaised, doubt, quality }: TileMarksProps) {
  return (
    <div class="marks" aria-hidden="true">
      {handRaised && (
        <span class="mark" data-mark="hand">
          <Icon name="hand" />
        </span>
      )}
      {quality && (
        <span class="mark" data-mark={quality}>
          <Icon name={quality === 'lost' ? 'signal-lost' : 'signal'} />
          <span>{QUALITIES[quality]}</span>
        </span>
      )}
      {doubt && (
        <span class="mark" data-mark={doubt}>
          <Icon name="shield-alert" />
          <span>{DOUBTS[doubt]}</span>
        </span>
      )}
    </div>
  );
}

export function TileReactions({ talk, memberId }: { readonly talk: Talk; readonly memberId: MemberId | undefined }) {
  return (
    <div class="reactions" aria-hidden="true">
      {talk.reactions.value
        .filter((reaction) => reaction.memberId === memberId)
        .map(({ id, emoji }) => (
          <span key={id} class="reaction">
            {emoji}
          </span>
        ))}
    </div>
  );
}
