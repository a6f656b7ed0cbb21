import { describe, expect, test } from 'vitest';
import type { DeviceId, MemberId, UserId } from '../../../src/base/index.ts';
import { Lobby } from '../../../src/client/e2ee/lobby.ts';

const id = (name: string) => name as MemberId;
const candidate = (name: string) => ({
  member: { memberId: id(name), userId: 'u' as UserId, deviceId: 'd' as DeviceId },
  keyPackage: new Uint8Array(1),
});
const knocker = (name: string) => ({ memberId: id(name), name });

function sorted(lobby: Lobby, ...names: readonly string[]) {
  const { admitted, waiting } = lobby.sort(names.map(candidate));
  return [admitted.map(({ member }) => member.memberId), waiting.map(({ member }) => member.memberId)];
}

describe('a lobby', () => {
  test('that is off admits all, and nobody knocks', () => {
    const lobby = new Lobby(false);
    lobby.knocked(knocker('ada'));
    expect([sorted(lobby, 'ada', 'ben'), lobby.knockers]).toEqual([[['ada', 'ben'], []], []]);
  });

  test('that is on admits whom a person admitted', () => {
    const lobby = new Lobby(true);
    for (const name of ['ada', 'ben', 'cleo']) lobby.knocked(knocker(name));
    lobby.decided(id('ben'), true);
    lobby.decided(id('cleo'), false);
    expect(lobby.knockers).toEqual([knocker('ada')]);
    expect(sorted(lobby, 'ada', 'ben', 'cleo')).toEqual([['ben'], ['ada', 'cleo']]);
  });

  test('hears no knock of the admitted, and the last word counts', () => {
    const lobby = new Lobby(true);
    lobby.decided(id('ada'), true);
    lobby.knocked(knocker('ada'));
    expect(lobby.knockers).toEqual([]);
    lobby.decided(id('ada'), false);
    expect(sorted(lobby, 'ada')).toEqual([[], ['ada']]);
  });

  test('who has come in knocks no more', () => {
    const lobby = new Lobby(true);
    lobby.knocked(knocker('ada'));
    expect([lobby.arrived([id('ben')]), lobby.arrived([id('ada')]), lobby.knockers]).toEqual([false, true, []]);
  });
});
