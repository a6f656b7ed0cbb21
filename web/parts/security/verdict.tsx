import type { CallModel } from '../../call-model.ts';
import { otherMembers } from '../../security-mark.ts';
import { STRINGS } from '../../strings.ts';
import { Icon } from '../icon.tsx';

/** What people found when they compared the code that is shown above. */
export function Verdict({ model }: { readonly model: CallModel }) {
  const isVerified = otherMembers(model.security.value).every(({ trust }) => trust === 'verified');
  return (
    <div class="verdict">
      {isVerified ? (
        <p class="all-verified" role="status">
          <Icon name="shield-check" />
          {STRINGS.security.verified}
        </p>
      ) : (
        <button type="button" class="primary" onClick={() => model.call.verify()}>
          {STRINGS.security.same}
        </button>
      )}
      <p class="hint">{STRINGS.security.differs}</p>
    </div>
  );
}
