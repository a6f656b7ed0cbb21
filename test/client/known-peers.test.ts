import { describe, expect, test } from 'vitest';
import type { MemberId, PeerId } from '../../src/base/index.ts';
import { KnownPeers } from '../../src/client/known-peers.ts';
import type { Roster } from '../../src/client/roster.ts';
import type { ServerRoster } from '../../src/client/server-roster.ts';
import { settled } from '../support/settled.ts';

const ada = 'ada' as PeerId;
const server = (...ids: readonly string[]) =>
  ({ peers: ids.map((id) => ({ id })), speakers: [] }) as unknown as ServerRoster;
const roster = (...ids: readonly string[]) =>
  ({ peers: ids.map((id) => ({ id, memberId: `member-${id}` as MemberId })), speakers: [] }) as unknown as Roster;

/** The answers so far to somebody who asks for ada. */
function ask(known: KnownPeers) {
  const answers: (MemberId | undefined)[] = [];
  void known.memberOf(ada).then((memberId) => answers.push(memberId));
  return answers;
}

describe('who asks for the member of a peer', () => {
  test('is answered at once when it is one', async () => {
    const known = new KnownPeers();
    known.changed(server('ada'), roster('ada'));
    expect(await known.memberOf(ada)).toBe('member-ada');
  });

  test('waits while the peer is there and no member, with all who ask beside', async () => {
    const known = new KnownPeers();
    const [first, second] = [ask(known), ask(known)];
    known.changed(server('ada', 'ben'), roster('ben'));
    await settled();
    expect([first, second]).toEqual([[], []]);
    known.changed(server('ada', 'ben'), roster('ben', 'ada'));
    await settled();
    expect([first, second]).toEqual([['member-ada'], ['member-ada']]);
  });

  test('hears nothing but that it has gone, when it goes before', async () => {
    const known = new KnownPeers();
    const answers = ask(known);
    known.changed(server('ben'), roster('ben'));
    await settled();
    expect(answers).toEqual([undefined]);
  });
});
