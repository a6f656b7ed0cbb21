import type { CallModel } from '../call-model.ts';
import { STRINGS } from '../strings/index.ts';
import { Icon } from './icon.tsx';

export function Notices({ model }: { readonly model: CallModel }) {
  return (
    <div class="notices" role="status">
      {model.notices.value.map(({ key, text, link }) => (
        <div key={key} class="notice" data-notice={key}>
          <p>{text}</p>
          {link && (
            <input readOnly value={link} aria-label={text} onFocus={({ currentTarget }) => currentTarget.select()} />
          )}
          <button type="button" class="dismiss" aria-label={STRINGS.call.dismiss} onClick={() => model.dismiss(key)}>
            <Icon name="close" />
          </button>
        </div>
      ))}
    </div>
  );
}
