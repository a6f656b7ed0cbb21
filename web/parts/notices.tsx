import type { CallModel } from '../call-model.ts';
import { STRINGS } from '../strings/index.ts';
import { Icon } from './icon.tsx';

export function Notices({ model }: { readonly model: CallModel }) {
  return (
    <div class="notices" role="status">
      {model.notices.value.map(({ key, text, action }) => (
        <div key={key} class="notice" data-notice={key}>
          <p>{text}</p>
          {action && (
            <button type="button" class="inline" onClick={action.act}>
              {action.label}
            </button>
          )}
          <button type="button" class="dismiss" aria-label={STRINGS.call.dismiss} onClick={() => model.dismiss(key)}>
            <Icon name="close" />
          </button>
        </div>
      ))}
    </div>
  );
}
