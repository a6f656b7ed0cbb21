import type { CallModel } from '../call-model.ts';
import { STRINGS } from '../strings/index.ts';
import { Panel } from './panel.tsx';

/** What single keys do in a call. */
export function KeysPanel({ model }: { readonly model: CallModel }) {
  return (
    <Panel model={model} name="keys" title={STRINGS.keys.title}>
      <div class="panel-body">
        <p class="panel-lead">{STRINGS.keys.lead}</p>
        <dl class="keys">
          {rows().map(({ keys, does }) => (
            <div key={does}>
              <dt>
                {keys.map((key) => (
                  <kbd key={key}>{key}</kbd>
                ))}
              </dt>
              <dd>{does}</dd>
            </div>
          ))}
        </dl>
      </div>
    </Panel>
  );
}

const rows = (): readonly { readonly keys: readonly string[]; readonly does: string }[] => {
  const { keys } = STRINGS;
  return [
    { keys: ['M'], does: keys.microphone },
    { keys: [keys.space], does: keys.talk },
    { keys: ['V'], does: keys.camera },
    { keys: ['H'], does: keys.hand },
    { keys: ['C'], does: keys.chat },
    { keys: ['P'], does: keys.people },
    { keys: ['S'], does: keys.view },
    { keys: [keys.pageUp, keys.pageDown], does: keys.pages },
    { keys: ['Esc'], does: keys.close },
    { keys: ['?'], does: keys.help },
  ];
};
