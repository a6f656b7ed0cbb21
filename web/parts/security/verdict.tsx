import type { Compared } from '../../../src/client/index.ts';
import type { CallModel } from '../../call-model.ts';
import { otherMembers } from '../../security-mark.ts';
import { STRINGS } from '../../strings/index.ts';
import { Icon } from '../icon.tsx';

interface VerdictProps {
  readonly model: CallModel;
  /** The code that is shown above: the press is about this one, whatever takes its place. */
  readonly compared: Compared;
}

/** What people found when they compared the code. */
export function Verdict({ model, compared }: VerdictProps) {
  const isVerified = otherMembers(model.security.value).every(({ trust }) => trust === 'verified');
  return (
    <div class="verdict">
      {isVerified ? (
        <p class="all-verified" role="status">
          <Icon name="shield-check" />
          {STRINGS.security.verified}
        </p>
      ) : (
        <button type="button" class="primary" onClick={() => model.call.verify(compared)}>
          {STRINGS.security.same}
        </button>
      )}
      <p class="hint">{STRINGS.security.differs}</p>
    </div>
  );
}
