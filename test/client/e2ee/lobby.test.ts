import { describe, expect, test } from 'vitest';
import type { DeviceId, MemberId, UserId } from '../../../src/base/index.ts';
import { deviceKeyOf, signatureKeyOf } from '../../../src/client/e2ee/device-key.ts';
import { Lobby } from '../../../src/client/e2ee/lobby.ts';
import type { Inspection } from '../../../src/crypto/index.ts';

const id = (name: string) => name as MemberId;
const stay = { userId: 'u' as UserId, deviceId: 'd' as DeviceId };
const signatureKey = (key: number) => new Uint8Array(32).fill(key);
const device = (key: number) => deviceKeyOf({ signatureKey: signatureKey(key) });
const knocker = (name: string, key: number) => ({ memberId: id(name), deviceKey: device(key), name });
/** Who wants in under this member id, with the key package of the device with this key. */
type Wanted = readonly [name: string, key: number];
const NO_PROOF = 101;
const EXPIRED = 102;
const OF_SOMEBODY_ELSE = 103;

function inspection([name, key]: Wanted): Inspection {
  if (key === NO_PROOF) return { kind: 'refused', reason: 'no-proof' };
  if (key === EXPIRED) return { kind: 'refused', reason: 'expired' };
  const credential = { ...stay, memberId: id(key === OF_SOMEBODY_ELSE ? 'zoe' : name) };
  return { kind: 'genuine', credential, signatureKey: signatureKey(key), name };
}

/** Who is a member, with keys of 50 and more. */
const present = [50, 51].map((key, leaf) => ({
  leaf,
  credential: { ...stay, memberId: id(`member ${key}`) },
  signatureKey: signatureKey(key),
  name: undefined,
}));

/** Whom a commit would add, and why others are refused. */
async function sorted(lobby: Lobby, ...wanted: readonly Wanted[]) {
  const candidates = wanted.map(([name], at) => ({
    member: { ...stay, memberId: id(name) },
    keyPackage: new Uint8Array([at]),
  }));
  const { admitted, refused } = await lobby.sort(candidates, {
    members: present,
    inspect: async ([at = 0]) => inspection(wanted[at] as Wanted),
  });
  return [
    admitted.map(({ member }) => member.memberId),
    refused.map(({ memberId, reason }) => `${memberId}: ${reason}`),
  ];
}

describe('a lobby', () => {
  test('that is off admits all, and nobody knocks', async () => {
    const lobby = new Lobby(false);
    lobby.knocked(knocker('ada', 1));
    expect(await sorted(lobby, ['ada', 1], ['ben', NO_PROOF])).toEqual([['ada', 'ben'], []]);
    expect([lobby.knockers, lobby.admittedBut([])]).toEqual([[], []]);
  });

  test('that is on admits whom a person admitted, and has strangers refused without a person', async () => {
    const lobby = new Lobby(true);
    for (const [at, name] of ['ada', 'ben', 'cleo'].entries()) lobby.knocked(knocker(name, at));
    lobby.decided(device(1), true);
    lobby.decided(device(2), false);
    expect(lobby.knockers).toEqual([knocker('ada', 0)]);
    const strangers = [
      ['dan', NO_PROOF],
      ['eve', EXPIRED],
      ['fay', OF_SOMEBODY_ELSE],
    ] as const;
    expect(await sorted(lobby, ['ada', 0], ['ben', 1], ['cleo', 2], ...strangers)).toEqual([
      ['ben'],
      ['ada: waiting', 'cleo: waiting', 'dan: no-proof', 'eve: invalid', 'fay: invalid'],
    ]);
  });

  test('admits the device under any member id, and no other device under that one', async () => {
    const lobby = new Lobby(true);
    lobby.knocked(knocker('ben', 1));
    lobby.decided(device(1), true);
    expect(await sorted(lobby, ['ben-again', 1], ['ben', 2])).toEqual([['ben-again'], ['ben: waiting']]);
  });

  test('takes a press for the device that was shown, whoever knocks in its place since', async () => {
    const lobby = new Lobby(true);
    lobby.knocked(knocker('ben', 1));
    const [shown] = lobby.knockers;
    lobby.knocked(knocker('ben', 2));
    expect(lobby.knockers).toEqual([knocker('ben', 2)]);
    lobby.decided(shown?.deviceKey ?? device(9), true);
    expect(lobby.knockers).toEqual([knocker('ben', 2)]);
    expect(await sorted(lobby, ['ben', 2])).toEqual([[], ['ben: waiting']]);
  });

  test('shows a device once, under the member id that it has now', () => {
    const lobby = new Lobby(true);
    lobby.knocked(knocker('ben', 1));
    lobby.knocked(knocker('ben-again', 1));
    expect(lobby.knockers).toEqual([knocker('ben-again', 1)]);
  });

  test('who has come in knocks no more, and may come again; the last word counts', async () => {
    const lobby = new Lobby(true);
    lobby.knocked(knocker('ada', 1));
    expect([
      lobby.arrived([{ signatureKey: signatureKey(2) }]),
      lobby.arrived([{ signatureKey: signatureKey(1) }]),
      lobby.knockers,
    ]).toEqual([false, true, []]);
    expect(await sorted(lobby, ['ada', 1])).toEqual([['ada'], []]);
    lobby.decided(device(1), false);
    lobby.arrived([{ signatureKey: signatureKey(1) }]);
    expect(await sorted(lobby, ['ada', 1])).toEqual([[], ['ada: waiting']]);
  });
});

describe('who was admitted before', () => {
  test('and knocks all the same is answered once by somebody; then a person is asked', () => {
    const lobby = new Lobby(true);
    lobby.decided(device(1), true);
    expect([lobby.knocked(knocker('ada', 1)), lobby.knockers, lobby.owesAnswer(device(1))]).toEqual([
      'known',
      [],
      true,
    ]);
    lobby.decided(device(1), true); // another member has answered
    expect(lobby.owesAnswer(device(1))).toBe(false);
    expect([lobby.knocked(knocker('ada', 1)), lobby.knockers]).toEqual(['shown', [knocker('ada', 1)]]);
    lobby.arrived([{ signatureKey: signatureKey(1) }]);
    expect(lobby.knocked(knocker('ada', 1))).toBe('known');
  });

  test('is not answered for when a person has refused meanwhile', () => {
    const lobby = new Lobby(true);
    lobby.decided(device(1), true);
    lobby.knocked(knocker('ada', 1));
    lobby.decided(device(1), false);
    expect(lobby.owesAnswer(device(1))).toBe(false);
  });

  test('is told to newcomers, when away, and believed by who knows no better', async () => {
    const lobby = new Lobby(true);
    lobby.arrived([{ signatureKey: signatureKey(1) }, { signatureKey: signatureKey(2) }]);
    lobby.decided(device(3), true);
    lobby.decided(device(4), false);
    expect(lobby.admittedBut([{ signatureKey: signatureKey(1) }])).toEqual([device(2), device(3)]);
    const newcomer = new Lobby(true);
    newcomer.decided(device(2), false);
    newcomer.learned([device(2), device(3)]);
    expect(await sorted(newcomer, ['ben', 2], ['cleo', 3])).toEqual([['cleo'], ['ben: waiting']]);
  });

  test('is who is a member now, whatever was forgotten; not when a person has refused', async () => {
    const lobby = new Lobby(true);
    lobby.decided(device(51), false);
    expect(await sorted(lobby, ['ada', 50], ['ben', 51])).toEqual([['ada'], ['ben: waiting']]);
  });

  test('needs no lobby: without one whoever knocks is answered for, by one', () => {
    const lobby = new Lobby(false);
    expect([lobby.knocked(knocker('ada', 1)), lobby.owesAnswer(device(1)), lobby.knockers]).toEqual([
      'known',
      true,
      [],
    ]);
    lobby.decided(device(1), true);
    expect(lobby.owesAnswer(device(1))).toBe(false);
    expect(lobby.arrived([{ signatureKey: signatureKey(1) }])).toBe(false);
    expect(lobby.knocked(knocker('ada', 1))).toBe('known');
  });

  test('is forgotten when there are too many: the last 256 are told, the last 2,048 kept', async () => {
    const lobby = new Lobby(true);
    const key = (at: number) => deviceKeyOf({ signatureKey: Uint8Array.from([at >> 8, at & 0xff]) });
    lobby.decided(device(1), true);
    for (let at = 0; at < 2_048; at += 1) lobby.decided(key(at), true);
    expect(lobby.admittedBut([]).length).toBe(256);
    expect(lobby.admittedBut([]).at(-1)).toBe(key(2_047));
    expect(await sorted(lobby, ['ada', 1])).toEqual([[], ['ada: waiting']]);
  });
});

test('a device key is the signature key', () => {
  expect(signatureKeyOf(device(0xab))).toEqual(signatureKey(0xab));
  expect(device(7)).toBe('07'.repeat(32));
});
