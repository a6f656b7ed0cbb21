import { useEffect } from 'preact/hooks';
import type { CallModel } from '../../call-model.ts';
import { STRINGS } from '../../strings/index.ts';
import { QrPicture } from '../qr-picture.tsx';
import { Verdict } from './verdict.tsx';

/** The code for the careful: of everybody who is in the call now, and another one as soon as somebody comes or goes. */
export function DigitCode({ model }: { readonly model: CallModel }) {
  const { digits, epoch, self } = model.security.value;
  useEffect(() => {
    model.call.watchDigits(true);
    return () => model.call.watchDigits(false);
  }, [model, self]); // a new stay after a lost session begins unwatched
  if (!digits || epoch === undefined) {
    return (
      <p class="hint" role="status">
        <span class="spinner" aria-hidden="true" /> {STRINGS.security.countDigits}
      </p>
    );
  }
  return (
    <>
      <div class="digit-code">
        <ol class="digits" aria-label={STRINGS.security.digits}>
          {digits.map((group, index) => (
            <li key={index}>
              <span aria-hidden="true">{group}</span>
              <span class="unseen">{[...group].join(' ')}</span>
            </li>
          ))}
        </ol>
        <QrPicture text={digits.join('')} label={STRINGS.security.qr} />
      </div>
      <p class="instruction">{STRINGS.security.readDigits}</p>
      <Verdict model={model} compared={{ kind: 'digits', epoch }} />
    </>
  );
}
