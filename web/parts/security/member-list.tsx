import type { CallMember, MemberId, Security } from '../../../src/client/index.ts';
import { doubtOf } from '../../security-mark.ts';
import { DOUBTS, STRINGS, TRUSTS } from '../../strings/index.ts';
import { Avatar } from '../avatar.tsx';
import { Icon } from '../icon.tsx';

interface MemberListProps {
  readonly security: Security;
  /** What one says of oneself comes back from nobody. */
  readonly ownHandRaised: boolean;
  readonly listeners: ReadonlySet<MemberId>;
}

/** Everybody who holds the keys of this call, as their own devices name them. */
export function MemberList({ security, ownHandRaised, listeners }: MemberListProps) {
  const { members, presence, self } = security;
  return (
    <section class="panel-part member-part" style={{ '--members': members.size }}>
      <h3>{STRINGS.security.people}</h3>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: who has no mouse scrolls it with the arrows, so it takes the focus */}
      <ul class="members" tabIndex={0}>
        {[...members.values()].map((member) => {
          const isSelf = member.memberId === self;
          const handRaised = isSelf ? ownHandRaised : presence.get(member.memberId)?.handRaised;
          return (
            <li key={member.memberId} class="member" data-member={member.trust}>
              <Avatar name={nameOf(member)} />
              <div class="member-text">
                <span class="member-name">
                  {isSelf ? `${nameOf(member)} (${STRINGS.security.you})` : nameOf(member)}
                </span>
                {listeners.has(member.memberId) && <span class="member-role">{STRINGS.security.listens}</span>}
                {!isSelf && <Standing member={member} security={security} />}
              </div>
              {handRaised && (
                <span class="member-hand" role="img" aria-label={STRINGS.call.hand}>
                  <Icon name="hand" />
                </span>
              )}
            </li>
          );
        })}
      </ul>
    </section>
  );
}

function Standing({ member, security }: { readonly member: CallMember; readonly security: Security }) {
  const doubt = doubtOf(member.memberId, security);
  return (
    <span class="member-trust" data-trust={doubt ?? member.trust}>
      <Icon name={doubt ? 'shield-alert' : member.trust === 'verified' ? 'shield-check' : 'lock'} />
      {doubt ? DOUBTS[doubt] : TRUSTS[member.trust]}
    </span>
  );
}

const nameOf = ({ name, userId }: CallMember) => name ?? userId;
