import type { CallModel } from '../../call-model.ts';
import { type SecurityMark, securityMark } from '../../security-mark.ts';
import { SECURITY_MARKS, STRINGS } from '../../strings/index.ts';
import { Icon, type IconName } from '../icon.tsx';

const ICONS: Readonly<Record<SecurityMark, IconName>> = {
  halted: 'shield-alert',
  settling: 'lock',
  'changed-device': 'shield-alert',
  unconfirmed: 'shield-alert',
  'most-unconfirmed': 'shield-alert',
  new: 'lock',
  verified: 'shield-check',
  encrypted: 'lock',
};

/** The lock in the corner. */
export function LockBadge({ model }: { readonly model: CallModel }) {
  const mark = securityMark(model.security.value);
  const { word, sentence } = SECURITY_MARKS[mark];
  return (
    <button
      type="button"
      class="chip lock"
      data-control="security"
      data-security={mark}
      aria-label={`${STRINGS.security.title}: ${word}`}
      aria-expanded={model.panel.value === 'security'}
      title={sentence}
      onClick={() => model.toggle('security')}
    >
      <Icon name={ICONS[mark]} />
      {word}
    </button>
  );
}
