import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { EmojiCode } from '../../../src/client/index.ts';
import type { CallModel } from '../../call-model.ts';
import { memberName, otherMembers } from '../../security-mark.ts';
import { abortNotice, STRINGS } from '../../strings/index.ts';
import { Verdict } from './verdict.tsx';

/** Six pictures that all devices made together: quick to read aloud. */
export function EmojiCodeView({ model }: { readonly model: CallModel }) {
  const security = model.security.value;
  const { emoji: code } = security;
  const make = () => model.call.makeEmoji();
  switch (code.kind) {
    case 'none':
      return (
        <>
          <p class="hint">{STRINGS.security.why}</p>
          <button type="button" class="primary" onClick={make}>
            {STRINGS.security.make}
          </button>
        </>
      );
    case 'making':
      return (
        <p class="hint" role="status">
          <span class="spinner" aria-hidden="true" /> {STRINGS.security.making}
        </p>
      );
    case 'ready': {
      const missing = otherMembers(security).filter(({ memberId }) => !code.memberIds.includes(memberId));
      return (
        <>
          <ol class="emoji-code" aria-label={STRINGS.security.emoji}>
            {code.emoji.map(({ symbol, english }, index) => (
              <li key={index}>
                <span class="emoji" aria-hidden="true">
                  {symbol}
                </span>
                <span class="emoji-name">{english}</span>
              </li>
            ))}
          </ol>
          <p class="instruction">{STRINGS.security.read}</p>
          {missing.length > 0 && (
            <p class="hint">
              {STRINGS.security.notIn} {missing.map(({ name, userId }) => name ?? userId).join(', ')}
            </p>
          )}
          <Verdict model={model} compared={{ kind: 'emoji', round: code.round }} />
          <MakeAgain key={code} code={code} label={STRINGS.security.anew} onPress={make} />
        </>
      );
    }
    case 'aborted': {
      const names = code.memberIds.flatMap((memberId) => memberName(memberId, security) ?? []);
      return (
        <>
          <p role="alert">{abortNotice(code.reason, names)}</p>
          <MakeAgain key={code} code={code} label={STRINGS.security.again} onPress={make} />
        </>
      );
    }
  }
}

interface MakeAgainProps {
  readonly code: Extract<EmojiCode, { readonly kind: 'ready' | 'aborted' }>;
  readonly label: string;
  readonly onPress: () => void;
}

/** Sleeps while everybody would ignore a new start. */
function MakeAgain({ code: { againInMs }, label, onPress }: MakeAgainProps) {
  const isTime = useSignal(againInMs === 0);
  useEffect(() => {
    const timer = setTimeout(() => {
      isTime.value = true;
    }, againInMs);
    return () => clearTimeout(timer);
  }, [againInMs, isTime]);
  return (
    <button type="button" class="quiet" disabled={!isTime.value} onClick={onPress}>
      {label}
    </button>
  );
}
