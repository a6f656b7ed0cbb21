import { describe, expect, test } from 'vitest';
import { conclave } from '../../src/wire/gen/conclave.js';
import {
  decodeClientFrame,
  decodeServerFrame,
  encodeClientFrame,
  encodeServerBody,
  joinServerFrame,
  MAX_ADDS,
  MAX_COMMIT_FRAME_BYTES,
  MAX_FRAME_BYTES,
  MAX_REMOVES,
  WireError,
} from '../../src/wire/index.ts';
import { MAX_COMMIT_BYTES, MAX_KEY_PACKAGE_BYTES, MAX_SEALED_BYTES } from '../../src/wire/limits.ts';

/** A frame as a client that checks nothing would send it. */
const raw = (frame: object) => conclave.v1.ClientFrame.encode(frame as conclave.v1.ClientFrame.$Properties).finish();

function outcome(bytes: Uint8Array): unknown {
  try {
    return decodeClientFrame(bytes);
  } catch (error) {
    if (error instanceof WireError) return `${error.code}: ${error.message}`;
    throw error;
  }
}

const invalid = (field: string) => `invalid: bad field: ${field}`;
const bytes = (size: number) => new Uint8Array(size).fill(7);
const commit = (change: object) => ({ commit: { epoch: 1, commit: bytes(9), ...change } });
const ids = (count: number) => Array.from({ length: count }, (_, at) => `m${at}`);

describe('frames about keys', () => {
  test.each<[string, string, object]>([
    ['no key package', invalid('offerKeyPackage.keyPackage'), { offerKeyPackage: {} }],
    ['an empty key package', invalid('offerKeyPackage.keyPackage'), { offerKeyPackage: { keyPackage: bytes(0) } }],
    [
      'a key package of 8 KiB and a byte',
      invalid('offerKeyPackage.keyPackage'),
      { offerKeyPackage: { keyPackage: bytes(MAX_KEY_PACKAGE_BYTES + 1) } },
    ],
    ['a commit of 192 KiB and a byte', invalid('commit.commit'), commit({ commit: bytes(MAX_COMMIT_BYTES + 1) })],
    ['a welcome of 192 KiB and a byte', invalid('commit.welcome'), commit({ welcome: bytes(MAX_COMMIT_BYTES + 1) })],
    ['a welcome of nothing', invalid('commit.welcome'), commit({ welcome: bytes(0) })],
    ['65 adds', invalid('commit.addedMemberIds'), commit({ addedMemberIds: ids(MAX_ADDS + 1) })],
    ['257 removes', invalid('commit.removedMemberIds'), commit({ removedMemberIds: ids(MAX_REMOVES + 1) })],
    ['a member id with a blank', invalid('commit.addedMemberIds.0'), commit({ addedMemberIds: ['a b'] })],
    ['a refusal of nobody', invalid('commit.refusedAdds.0.memberId'), commit({ refusedAdds: [{ reason: 1 }] })],
    [
      'a refusal for no reason',
      invalid('commit.refusedAdds.0.reason'),
      commit({ refusedAdds: [{ memberId: 'm', reason: 0 }] }),
    ],
    [
      'a refusal for a new reason',
      invalid('commit.refusedAdds.0.reason'),
      commit({ refusedAdds: [{ memberId: 'm', reason: 9 }] }),
    ],
    ['admitting nobody', invalid('admit.memberId'), { admit: { admitted: true } }],
    ['a sealed message of nothing', invalid('sealed.message'), { sealed: {} }],
    [
      'a sealed message of 16 KiB and a byte',
      invalid('sealed.message'),
      { sealed: { message: bytes(MAX_SEALED_BYTES + 1) } },
    ],
  ])('%s: %s', (_what, expected, frame) => {
    expect(outcome(raw({ id: 1, ...frame }))).toBe(expected);
  });

  test('only a commit may be larger than 64 KiB, up to 400 KiB', () => {
    const large = commit({ commit: bytes(MAX_COMMIT_BYTES), welcome: bytes(MAX_COMMIT_BYTES) });
    expect(outcome(raw({ id: 9, ...large }))).toMatchObject({ id: 9, body: { case: 'commit' } });
    const tooLarge = commit({ commit: bytes(MAX_COMMIT_FRAME_BYTES) });
    expect(outcome(raw({ id: 9, ...tooLarge }))).toMatch(/^too-large: .* limit 409600$/);
    for (const other of [{ offerKeyPackage: { keyPackage: bytes(MAX_FRAME_BYTES) } }, { hello: { token: '' } }]) {
      const padded = Buffer.concat([raw({ id: 9, ...other }), raw(large)]);
      expect(outcome(padded)).toMatch(/^too-large: .* limit 65536$/);
    }
  });

  test('a commit that hides a second body is refused', () => {
    const two = Buffer.concat([raw({ id: 9, ...commit({}) }), raw({ ping: {} })]);
    expect(outcome(two)).toBe('malformed: more than one body');
  });

  test('bytes of a decoded frame are its own: the frame may be overwritten', () => {
    const frame = encodeClientFrame(1, { case: 'sealed', value: { message: bytes(5) } });
    const { body } = decodeClientFrame(frame);
    frame.fill(0);
    expect(body.value).toEqual({ message: bytes(5) });
  });

  test('a commit for the greatest batch fits into what clients read', () => {
    const longest = 'x'.repeat(128);
    const member = { memberId: longest, userId: longest, deviceId: longest } as never;
    const value = {
      epoch: 1,
      commit: bytes(MAX_COMMIT_BYTES),
      committerId: longest as never,
      added: Array(MAX_ADDS).fill(member),
      removedMemberIds: Array(MAX_REMOVES).fill(longest),
    };
    const frame = joinServerFrame(0, 1, encodeServerBody({ case: 'commitAccepted', value }));
    expect(decodeServerFrame(frame).body).toMatchObject({ case: 'commitAccepted' });
  });

  test('a server that says too much is refused', () => {
    const adds = Array(MAX_ADDS + 1).fill({
      member: { memberId: 'm', userId: 'u', deviceId: 'd' },
      keyPackage: bytes(1),
    });
    const frame = conclave.v1.ServerFrame.encode({ seq: 1, commitWanted: { epoch: 1, adds } }).finish();
    expect(() => decodeServerFrame(frame)).toThrow(new WireError('invalid', 'bad field: commitWanted.adds'));
  });
});
