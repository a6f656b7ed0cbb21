import { useSignal } from '@preact/signals';
import type { MemberId } from '../../../src/client/index.ts';
import type { CallModel } from '../../call-model.ts';
import type { Person } from '../../people.ts';
import { STRINGS } from '../../strings/index.ts';
import { Panel } from '../panel.tsx';
import { Knockers } from '../security/knockers.tsx';
import { LockSwitch } from './lock-switch.tsx';
import { PersonRow } from './person-row.tsx';

/** Everybody by name, who waits at the door, and what one may do about them. */
export function PeoplePanel({ model }: { readonly model: CallModel }) {
  const { talking, listening } = model.people.value;
  /** Whose options stand open: one person's at a time. */
  const opened = useSignal<MemberId | undefined>(undefined);
  const all = [...talking, ...listening];
  const areAllModerators = all.every(({ moderator }) => moderator);
  const row = (person: Person) => (
    <PersonRow
      key={person.peerId ?? 'self'}
      model={model}
      person={person}
      opened={opened}
      showsRight={person.moderator && !areAllModerators}
    />
  );
  return (
    <Panel model={model} name="people" title={STRINGS.people.title}>
      <div class="panel-body">
        <Knockers model={model} />
        <LockSwitch model={model} />
        <ul class="people" aria-label={STRINGS.people.talking}>
          {talking.map(row)}
        </ul>
        {listening.length > 0 && (
          <section class="panel-part">
            <h3>{STRINGS.people.listening}</h3>
            <ul class="people" aria-label={STRINGS.people.listening}>
              {listening.map(row)}
            </ul>
          </section>
        )}
        <p class="hint">{areAllModerators ? STRINGS.people.allModerate : STRINGS.people.someModerate}</p>
      </div>
    </Panel>
  );
}
