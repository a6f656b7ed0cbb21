import { expect, test } from 'vitest';
import { freshRoom, pathOfRoom, roomOfPath } from '../../web/room-link.ts';

test.each([
  ['/call/standup', 'standup'],
  ['/call/standup/', 'standup'],
  ['/call/a_B-9', 'a_B-9'],
  [`/call/${'x'.repeat(128)}`, 'x'.repeat(128)],
  [`/call/${'x'.repeat(129)}`, undefined],
  ['/', undefined],
  ['/call/', undefined],
  ['/call/two/parts', undefined],
  ['/call/<script>', undefined],
  ['/elsewhere/call/standup', undefined],
])('%s names the room %s', (path, room) => {
  expect(roomOfPath(path)).toBe(room);
});

test('a fresh room has a path of its own', () => {
  const [first, second] = [freshRoom(), freshRoom()];
  expect(roomOfPath(pathOfRoom(first))).toBe(first);
  expect(second).not.toBe(first);
});
