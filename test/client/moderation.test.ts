import { describe, expect, test } from 'vitest';
import { CallError, type MemberId, type PeerId } from '../../src/base/index.ts';
import type { Media } from '../../src/client/media.ts';
import { Moderation, type ModerationOptions } from '../../src/client/moderation.ts';
import type { RosterPeer } from '../../src/client/roster.ts';
import { FakeClock } from '../support/fake-clock.ts';

const member = (name: string) => name as MemberId;
const peerOf = (name: string) => `peer-${name}` as PeerId;

/** Ada's side of a call with Ben: what is asked of worker and server stands in `asked`, what is told in `told`. */
function open({ microphoneOn = true, inRoom = true } = {}) {
  const clock = new FakeClock();
  const asked: string[] = [];
  const told: unknown[] = [];
  const e2ee = {
    askToMute: (memberId: MemberId) => asked.push(`ask ${memberId}`),
    remove: async ({ memberId, peerId }: { memberId: MemberId; peerId: PeerId }) => {
      asked.push(`remove ${memberId} ${peerId}`);
    },
  };
  const link = {
    request: async ({ case: name, value }: { case: string; value: unknown }) => {
      asked.push(`${name} ${JSON.stringify(value)}`);
    },
  };
  const moderation = new Moderation({
    clock,
    people: {
      roster: { peers: [{ id: peerOf('ben'), memberId: member('ben') } as RosterPeer], speakers: [], coming: 0 },
    },
    security: {
      e2ee: inRoom ? e2ee : undefined,
      presence: { microphoneOn, cameraOn: false, handRaised: false },
      nameOf: (memberId: MemberId) => memberId.toUpperCase(),
    } as unknown as ModerationOptions['security'],
    media: () => (inRoom ? ({ session: { link } } as unknown as Media) : undefined),
    tell: (name, ...args) => told.push([name, ...args]),
  });
  const entered = (locked: boolean) => moderation.entered({ joined: { locked } } as unknown as Media);
  return { moderation, clock, asked, told, entered };
}

const codeOf = (act: () => unknown): string => {
  try {
    act();
    return 'done';
  } catch (error) {
    return CallError.from(error).code;
  }
};
const askedBy = (name: string) => ({ kind: 'mute-asked', memberId: member(name) }) as const;

describe('asking to mute', () => {
  test('goes to one member, and to the same not again for ten seconds', () => {
    const { moderation, clock, asked } = open();
    const ask = () => codeOf(() => moderation.askToMute(peerOf('ben')));
    expect([ask(), ask()]).toEqual(['done', 'rate-limited']);
    clock.advance(10_000);
    expect(ask()).toBe('done');
    expect(asked).toEqual(['ask ben', 'ask ben']);
    expect(codeOf(() => moderation.askToMute(peerOf('nobody')))).toBe('not-found');
  });

  test('is heard once in ten seconds of each member, five times at once of all, whoever counts on their side', () => {
    const { moderation, clock, told } = open();
    for (let times = 0; times < 3; times += 1) moderation.said(askedBy('ben'));
    expect(told).toEqual([['muteAsked', { memberId: 'ben', displayName: 'BEN' }]]);
    for (let stranger = 0; stranger < 20; stranger += 1) moderation.said(askedBy(`stranger-${stranger}`));
    expect(told.length).toBe(5);
    clock.advance(10_000);
    moderation.said(askedBy('ben'));
    expect(told.length).toBe(6);
  });

  test('means nothing to who is muted', () => {
    const { moderation, told } = open({ microphoneOn: false });
    moderation.said(askedBy('ben'));
    expect(told).toEqual([]);
  });
});

describe('removing and locking', () => {
  test('are asked of the worker, which tells the members first, and of the server', async () => {
    const { moderation, asked } = open();
    await moderation.remove(peerOf('ben'));
    await moderation.setLocked(true);
    expect(asked).toEqual(['remove ben peer-ben', 'setLocked {"locked":true}']);
  });

  test('are not there outside the room, nor for who is not there', async () => {
    const { moderation } = open({ inRoom: false });
    await expect(moderation.remove(peerOf('ben'))).rejects.toMatchObject({ code: 'unavailable' });
    await expect(moderation.setLocked(true)).rejects.toMatchObject({ code: 'unavailable' });
    await expect(moderation.remove(peerOf('nobody'))).rejects.toMatchObject({ code: 'not-found' });
  });

  test('who removed whom is told by their names', () => {
    const { moderation, told } = open();
    moderation.said({ kind: 'removed', memberId: member('cleo'), by: member('ben') });
    const [cleo, ben] = ['cleo', 'ben'].map((name) => ({ memberId: name, displayName: name.toUpperCase() }));
    expect(told).toEqual([['memberRemoved', { member: cleo, by: ben }]]);
  });

  test('the lock is told when it changes, and stands as the server says after every join', () => {
    const { moderation, told, entered } = open();
    entered(false);
    moderation.told({ case: 'roomLocked', value: { locked: true, by: peerOf('ben') } });
    moderation.told({ case: 'roomLocked', value: { locked: true, by: peerOf('ada') } });
    expect(moderation.locked).toBe(true);
    entered(false); // another server, or another call
    expect([moderation.locked, told]).toEqual([
      false,
      [
        ['lockChanged', { locked: true, by: 'peer-ben' }],
        ['lockChanged', { locked: false, by: undefined }],
      ],
    ]);
  });
});
