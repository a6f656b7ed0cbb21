import type { CallModel } from '../../call-model.ts';
import { peopleLabel } from '../../strings/index.ts';
import { Icon } from '../icon.tsx';

/** How many are here, and whether somebody waits at the door or it is locked. */
export function PeopleButton({ model }: { readonly model: CallModel }) {
  const { talking, listening } = model.people.value;
  const count = talking.length + listening.length;
  const locked = model.moderating.locked.value;
  const label = peopleLabel(count, { locked });
  return (
    <button
      type="button"
      class="chip"
      data-control="people"
      data-locked={locked}
      aria-label={label}
      aria-expanded={model.panel.value === 'people'}
      title={label}
      onClick={() => model.toggle('people')}
    >
      <Icon name="people" />
      {count}
      {locked && <Icon name="door" />}
    </button>
  );
}
