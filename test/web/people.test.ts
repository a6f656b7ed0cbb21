import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { MemberId, PeerId, RosterPeer, Security } from '../../src/client/index.ts';
import { handsAfter, listPeople, type Oneself } from '../../web/people.ts';

const member = (name: string) => name as MemberId;
const peer = (name: string, change: Partial<RosterPeer> = {}): RosterPeer =>
  ({
    id: `peer-${name}` as PeerId,
    memberId: member(name),
    displayName: name,
    role: 'speaker',
    moderator: false,
    trust: 'new',
    handRaised: false,
    publications: [],
    ...change,
  }) as unknown as RosterPeer;
const microphone = (muted: boolean) => ({ publications: [{ producerId: 'p', source: 'microphone', muted }] as never });

const SECURITY = { self: member('me'), members: new Map(), verdict: { kind: 'agreed' } } as unknown as Security;
const ME: Oneself = {
  name: 'Me',
  role: 'speaker',
  moderator: true,
  handRaised: false,
  muted: true,
  speaking: false,
};
const list = (peers: readonly RosterPeer[], hands: readonly string[] = [], oneself = ME) =>
  listPeople({
    roster: { peers, speakers: ['peer-ben' as PeerId] },
    security: SECURITY,
    hands: hands.map(member),
    oneself,
  });

describe('the list of people', () => {
  test('has oneself first, whose peer has nothing to be done about', () => {
    const { talking } = list([peer('ada'), peer('ben')]);
    expect(talking.map(({ name, peerId }) => [name, peerId])).toEqual([
      ['Me', undefined],
      ['ada', 'peer-ada'],
      ['ben', 'peer-ben'],
    ]);
  });

  test('has raised hands before the others, in their order', () => {
    const up = { handRaised: true };
    const { talking } = list([peer('ada'), peer('ben', up), peer('cleo', up), peer('dan')], ['cleo', 'ben']);
    expect(talking.map(({ name }) => name)).toEqual(['Me', 'cleo', 'ben', 'ada', 'dan']);
  });

  test('has those who only listen apart, oneself too', () => {
    const { talking, listening } = list([peer('ada', { role: 'listener' }), peer('ben')], [], {
      ...ME,
      role: 'listener',
    });
    expect(talking.map(({ name }) => name)).toEqual(['ben']);
    expect(listening.map(({ name }) => name)).toEqual(['Me', 'ada']);
  });

  test.each([
    ['nothing published is muted', {}, true],
    ['a muted microphone', microphone(true), true],
    ['an open microphone', microphone(false), false],
  ])('%s', (_what, change, muted) => {
    expect(list([peer('ben', change)]).talking[1]).toMatchObject({ muted, speaking: true });
  });
});

test('hands stand in the order in which they went up, whatever else happens', () => {
  const changes = fc.array(fc.record({ who: fc.constantFrom('ada', 'ben', 'cleo', 'dan'), up: fc.boolean() }));
  fc.assert(
    fc.property(changes, (list) => {
      const presence = new Map<MemberId, { handRaised: boolean }>();
      let shown: readonly MemberId[] = [];
      let expected: string[] = [];
      for (const { who, up } of list) {
        if (!up) expected = expected.filter((each) => each !== who);
        else if (!expected.includes(who)) expected.push(who);
        presence.set(member(who), { handRaised: up });
        shown = handsAfter(shown, { presence } as unknown as Security);
        expect(shown).toEqual(expected);
      }
    }),
  );
});
