import type { LeftReason } from '../../src/client/index.ts';
import { lasted } from '../lasted.ts';
import { Brand } from '../parts/brand.tsx';
import { Icon } from '../parts/icon.tsx';
import { isTurnedAway, lastedNotice, leftNotice, moderationNotice, STRINGS } from '../strings/index.ts';

interface LeftProps {
  readonly reason: LeftReason;
  /** How long this device was in the call; nothing when it never was. */
  readonly lastedMs: number | undefined;
  /** Who did it, when somebody removed this device and their word came in time. */
  readonly removedBy: string | undefined;
  readonly onAgain: () => void;
  readonly onStart: () => void;
}

export function LeftScreen({ reason, lastedMs, removedBy, onAgain, onStart }: LeftProps) {
  const notice = removedBy === undefined ? leftNotice(reason) : moderationNotice.removedYou(removedBy);
  const again = mayHelpAgain(reason);
  return (
    <main class="page" data-screen="left" data-reason={reason.kind === 'refused' ? reason.code : reason.kind}>
      <Brand />
      <section class="card centred">
        <span class="left-mark" data-asked={reason.kind === 'asked'}>
          <Icon name={reason.kind === 'asked' ? 'leave' : 'shield-alert'} />
        </span>
        <h1>{titleOf(reason)}</h1>
        {notice && (
          <p class="lead" role="alert">
            {notice}
          </p>
        )}
        {lastedMs !== undefined && <p class="lead">{lastedNotice(lasted(lastedMs))}</p>}
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
