import type { CallModel } from '../../call-model.ts';
import type { Rect } from '../../grid-layout.ts';
import { pageLabel, STRINGS } from '../../strings/index.ts';
import { Icon } from '../icon.tsx';
import { rectStyle } from './rect-style.ts';

/** Where more people are than have room. */
export function PageTurner({ model, rect }: { readonly model: CallModel; readonly rect: Rect }) {
  const { index, count } = model.stage.arrangement.value.page;
  const isUpright = rect.heightPx > rect.widthPx;
  return (
    <nav class="page-turner placed" data-upright={isUpright} aria-label={STRINGS.call.pages} style={rectStyle(rect)}>
      <TurnButton model={model} name="back" label={STRINGS.call.pageBack} to={index - 1} count={count} />
      <span data-page={index + 1}>
        <span aria-hidden="true">
          {index + 1} / {count}
        </span>
        <span class="unseen">{pageLabel(index + 1, count)}</span>
      </span>
      <TurnButton model={model} name="on" label={STRINGS.call.pageOn} to={index + 1} count={count} />
    </nav>
  );
}

interface TurnButtonProps {
  readonly model: CallModel;
  readonly name: 'back' | 'on';
  readonly label: string;
  readonly to: number;
  readonly count: number;
}

/** Stays a button where there is no page to turn to: who pressed it keeps the focus. */
function TurnButton({ model, name, label, to, count }: TurnButtonProps) {
  return (
    <button
      type="button"
      class="chip"
      data-turn={name}
      aria-label={label}
      title={label}
      aria-disabled={to < 0 || to >= count}
      onClick={() => model.turnTo(to)}
    >
      <Icon name={name} />
    </button>
  );
}
