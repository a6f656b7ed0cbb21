import { useSignal } from '@preact/signals';
import type { CallModel } from '../call-model.ts';
import { STRINGS } from '../strings/index.ts';
import { Icon } from './icon.tsx';
import { Panel } from './panel.tsx';
import { QrPicture } from './qr-picture.tsx';

/** Phones, and some computers, hand a link to whatever messenger a person uses. */
const CAN_SHARE = typeof navigator.share === 'function';

/** Brings others in: the link to copy, to hand on, or to hold a phone against; and what it holds. */
export function InvitePanel({ model }: { readonly model: CallModel }) {
  const { inviteLink: link } = model;
  const copied = useSignal<'yes' | 'refused' | undefined>(undefined);
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(link);
      copied.value = 'yes';
    } catch {
      copied.value = 'refused'; // no permission, or a page without https
    }
  };
  const share = () => void navigator.share({ title: STRINGS.product, url: link }).catch(() => undefined); // they closed it
  return (
    <Panel model={model} name="invite" title={STRINGS.invite.title}>
      <div class="panel-body">
        <p class="panel-lead">{STRINGS.invite.lead}</p>
        <label class="field">
          <span>{STRINGS.invite.link}</span>
          <input name="invite-link" readOnly value={link} onFocus={({ currentTarget }) => currentTarget.select()} />
        </label>
        <div class="invite-ways">
          <button type="button" class="primary" data-first onClick={() => void copy()}>
            <Icon name="copy" />
            {copied.value === 'yes' ? STRINGS.invite.copied : STRINGS.invite.copy}
          </button>
          {CAN_SHARE && (
            <button type="button" class="quiet" onClick={share}>
              <Icon name="share" />
              {STRINGS.invite.share}
            </button>
          )}
        </div>
        <p class={copied.value === 'refused' ? 'hint' : 'unseen'} role="status">
          {copied.value === 'refused' && STRINGS.invite.byHand}
          {copied.value === 'yes' && STRINGS.invite.copied}
        </p>
        <figure class="invite-qr">
          <QrPicture text={link} label={STRINGS.invite.qr} />
          <figcaption class="hint">{STRINGS.invite.scan}</figcaption>
        </figure>
        <p class="hint">{model.link.lobby ? STRINGS.invite.holdsAsked : STRINGS.invite.holds}</p>
      </div>
    </Panel>
  );
}
