import type { LeftReason } from '../../src/client/index.ts';
import { Brand } from '../parts/brand.tsx';
import { isTurnedAway, leftNotice, moderationNotice, STRINGS } from '../strings/index.ts';

interface LeftProps {
  readonly reason: LeftReason;
  /** Who did it, when somebody removed this device and their word came in time. */
  readonly removedBy: string | undefined;
  readonly onAgain: () => void;
  readonly onStart: () => void;
}

export function LeftScreen({ reason, removedBy, onAgain, onStart }: LeftProps) {
  const notice = removedBy === undefined ? leftNotice(reason) : moderationNotice.removedYou(removedBy);
  const again = mayHelpAgain(reason);
  return (
    <main class="page" data-screen="left" data-reason={reason.kind === 'refused' ? reason.code : reason.kind}>
      <Brand />
      <section class="card centred">
        <h1>{titleOf(reason)}</h1>
        {notice && (
          <p class="lead" role="alert">
            {notice}
          </p>
        )}
        <div class="row">
          {again && (
            <button type="button" class="primary" onClick={onAgain}>
              {STRINGS.left.again}
            </button>
          )}
          <button type="button" class={again ? 'quiet' : 'primary'} onClick={onStart}>
            {STRINGS.left.start}
          </button>
        </div>
      </section>
    </main>
  );
}

function titleOf(reason: LeftReason): string {
  if (reason.kind === 'asked') return STRINGS.left.title;
  if (reason.kind === 'moved') return STRINGS.left.movedTitle;
  return isTurnedAway(reason) ? STRINGS.left.failed : STRINGS.left.ended;
}

/** With the link of another call it ends as before, however often; so it does for who was removed. */
function mayHelpAgain(reason: LeftReason): boolean {
  if (reason.kind === 'refused') return reason.code !== 'removed';
  return !(reason.kind === 'not-admitted' && reason.reason === 'no-proof');
}
