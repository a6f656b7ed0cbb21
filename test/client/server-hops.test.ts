import { describe, expect, test } from 'vitest';
import { nextHop } from '../../src/client/server-hops.ts';

const [a, b, c, d, e] = ['a', 'b', 'c', 'd', 'e'].map((name) => `https://${name}.example/`) as [
  string,
  string,
  string,
  string,
  string,
];

describe('going on to the next server', () => {
  test.each<[string, readonly string[], string | undefined, string | undefined]>([
    ['where it says', [a], b, b],
    ['nowhere when it knows of none', [a], undefined, undefined],
    ['with a path', [a], 'https://b.example/conclave/v1/signal', 'https://b.example/conclave/v1/signal'],
    ['over a WebSocket URL', [a], 'wss://b.example/', 'wss://b.example/'],
    ['not from https to http', [a], 'http://b.example/', undefined],
    ['not from wss to ws', ['wss://a.example'], 'ws://b.example/', undefined],
    ['from http to http', ['http://a.example'], 'http://b.example/', 'http://b.example/'],
    ['from http to https', ['http://a.example'], b, b],
    ['not to what is no server', [a], 'javascript:alert(1)', undefined],
    ['not to a file', [a], 'file:///etc/passwd', undefined],
    ['not to half a URL', [a], '/elsewhere', undefined],
    ['not with a name and a password', [a], 'https://me:secret@b.example/', undefined],
    ['not back to itself', [a], 'https://A.example', undefined],
    ['nor under another path', [a], 'wss://a.example/v1/signal', undefined],
    ['nor in a circle', [a, b], a, undefined],
    ['a third time', [a, b, c], d, d],
    ['not a fourth time', [a, b, c, d], e, undefined],
  ])('%s', (_, visited, proposed, expected) => {
    expect(nextHop(visited, proposed)).toBe(expected);
  });
});
