import type { HaltCause } from '../../../src/client/index.ts';
import type { CallModel } from '../../call-model.ts';
import { HALTS, STRINGS } from '../../strings/index.ts';

interface HaltBannerProps {
  readonly model: CallModel;
  /** Leaves, and opens the same link again. */
  readonly onAgain: () => void;
}

/** What one can do: join anew where this device is at fault, go where the call is. */
const ACTIONS: Readonly<Record<HaltCause, 'rejoin' | 'leave' | 'who'>> = {
  forked: 'who',
  'commit-refused': 'leave',
  unsealed: 'rejoin',
  broke: 'rejoin',
};

/** Why nothing is sent, and what to do about it. */
export function HaltBanner({ model, onAgain }: HaltBannerProps) {
  const { admittance } = model.security.value;
  if (admittance.kind !== 'halted') return null;
  const action = ACTIONS[admittance.cause];
  const showWho = () => {
    model.panel.value = 'security';
  };
  return (
    <div class="halt" role="alert" data-banner="halted" data-cause={admittance.cause}>
      <p>{HALTS[admittance.cause]}</p>
      {action === 'who' && (
        <button type="button" class="halt-action" onClick={showWho}>
          {STRINGS.halted.who}
        </button>
      )}
      {action === 'rejoin' ? (
        <button type="button" class="halt-action" onClick={onAgain}>
          {STRINGS.halted.rejoin}
        </button>
      ) : (
        <button type="button" class="halt-action" onClick={() => model.call.leave()}>
          {STRINGS.halted.leave}
        </button>
      )}
    </div>
  );
}
