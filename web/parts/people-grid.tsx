import { useEffect } from 'preact/hooks';
import type { CallModel } from '../call-model.ts';
import { pageLabel, STRINGS } from '../strings/index.ts';
import { Grid } from './grid.tsx';
import { Icon } from './icon.tsx';
import { RemoteTile, SelfTile } from './tile.tsx';

/** Those who may speak, by pages when they are many; listeners are not among them. */
export function PeopleGrid({ model }: { readonly model: CallModel }) {
  const state = model.state.value;
  const { speakers } = model.roster.value;
  const { people, beside, index, count } = model.peoplePage.value;
  const cameras = beside.filter(({ publications }) => publications.some(({ source }) => source === 'camera'));
  const expected = cameras.map(({ id }) => id);
  useEffect(() => {
    model.call.setNeighbours(expected.map((peerId) => ({ peerId, source: 'camera' })));
  }, [expected.join()]);
  const selfSpeaking = state.kind === 'joined' && speakers.includes(state.peerId);
  return (
    <div class="pages">
      <Grid label={STRINGS.call.people} name="people" measured={model.peopleBox}>
        {people.map((peer) => (
          <RemoteTile key={peer.id} model={model} peer={peer} speaking={speakers.includes(peer.id)} />
        ))}
        {!model.listens.value && <SelfTile key="self" model={model} speaking={selfSpeaking} />}
      </Grid>
      {count > 1 && (
        <nav class="page-turner" aria-label={STRINGS.call.pages}>
          <TurnButton model={model} name="back" label={STRINGS.call.pageBack} to={index - 1} count={count} />
          <span data-page={index + 1}>
            <span aria-hidden="true">
              {index + 1} / {count}
            </span>
            <span class="unseen">{pageLabel(index + 1, count)}</span>
          </span>
          <TurnButton model={model} name="on" label={STRINGS.call.pageOn} to={index + 1} count={count} />
        </nav>
      )}
    </div>
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
