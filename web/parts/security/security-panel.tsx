import type { CallModel } from '../../call-model.ts';
import { otherMembers, securityMark } from '../../security-mark.ts';
import { HALTS, SECURITY_MARKS, STRINGS } from '../../strings/index.ts';
import { Panel } from '../panel.tsx';
import { Compare } from './compare.tsx';
import { MemberList } from './member-list.tsx';

/** What the lock stands for: who is in the call, and the code that people compare. */
export function SecurityPanel({ model }: { readonly model: CallModel }) {
  const security = model.security.value;
  const { admittance } = security;
  const isAlone = otherMembers(security).length === 0;
  const canCompare = !isAlone && admittance.kind === 'inside';
  return (
    <Panel model={model} name="security" title={STRINGS.security.title}>
      <div class="panel-body">
        <p class="panel-lead" role="status">
          {admittance.kind === 'halted' ? HALTS[admittance.cause] : SECURITY_MARKS[securityMark(security)].sentence}
        </p>
        <MemberList
          security={security}
          ownHandRaised={model.talk.handRaised.value}
          listeners={new Set(model.listeners.value.map(({ memberId }) => memberId))}
        />
        {isAlone && <p class="hint">{STRINGS.security.alone}</p>}
        {canCompare && <Compare model={model} />}
      </div>
    </Panel>
  );
}
