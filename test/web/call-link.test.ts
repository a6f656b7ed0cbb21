import { expect, test } from 'vitest';
import { freshLink, pathOf, placeOf } from '../../web/call-link.ts';

const SECRET = 'AAECAwQFBgcICQoLDA0ODw';

test.each([
  ['/call/standup', 'standup'],
  ['/call/standup/', 'standup'],
  ['/call/a_B-9', 'a_B-9'],
  [`/call/${'x'.repeat(128)}`, 'x'.repeat(128)],
])('%s with a secret is the call %s', (pathname, room) => {
  expect(placeOf({ pathname, hash: `#k=${SECRET}` })).toEqual({
    kind: 'call',
    link: { room, secret: SECRET, lobby: false },
  });
});

test.each([`/call/${'x'.repeat(129)}`, '/', '/call/', '/call/two/parts', '/call/<script>', '/elsewhere/call/standup'])(
  '%s is the start page',
  (pathname) => {
    expect(placeOf({ pathname, hash: `#k=${SECRET}` })).toEqual({ kind: 'start' });
  },
);

test.each(['', '#', '#k=', '#k=short', `#k=${SECRET}&more`, SECRET])(
  'a call with %j behind it is incomplete',
  (hash) => {
    expect(placeOf({ pathname: '/call/standup', hash })).toEqual({ kind: 'incomplete' });
  },
);

test.each([{ lobby: false }, { lobby: true }])('a fresh link with %o leads to itself, and to no other', (options) => {
  const [first, second] = [freshLink(options), freshLink(options)];
  const { pathname, hash } = new URL(pathOf(first), 'https://call.example');
  expect(placeOf({ pathname, hash })).toEqual({ kind: 'call', link: first });
  expect(second.room).not.toBe(first.room);
  expect(second.secret).not.toBe(first.secret);
});
