import fc from 'fast-check';
import type { SentClientMessage, SentServerMessage } from '../../src/wire/index.ts';

/** What honest clients and the server may say about keys. The bytes are MLS's own: to the wire they are opaque. */

export const id = fc.stringMatching(/^[A-Za-z0-9_-]{1,128}$/);
const uint32 = fc.integer({ min: 0, max: 0xffff_ffff });
const bytes = (minLength: number) => fc.uint8Array({ minLength, maxLength: 64 });
const ids = fc.array(id, { maxLength: 4 });
const reason = fc.constantFrom('no-proof', 'invalid', 'waiting', 'denied');
const member = fc.record({ memberId: id, userId: id, deviceId: id });
const candidate = fc.record({ member, keyPackage: bytes(1) });

export const CLIENT_MLS_MESSAGES: readonly (readonly [SentClientMessage['case'], fc.Arbitrary<unknown>])[] = [
  ['offerKeyPackage', fc.record({ keyPackage: bytes(1) })],
  [
    'commit',
    fc.record(
      {
        epoch: uint32,
        commit: bytes(0),
        welcome: bytes(1),
        addedMemberIds: ids,
        refusedAdds: fc.array(fc.record({ memberId: id, reason }), { maxLength: 4 }),
        removedMemberIds: ids,
      },
      { requiredKeys: ['epoch', 'commit', 'addedMemberIds', 'refusedAdds', 'removedMemberIds'] },
    ),
  ],
  ['epochReached', fc.record({ epoch: uint32 })],
  ['commitRejected', fc.record({ epoch: uint32 })],
  ['admit', fc.record({ memberId: id, admitted: fc.boolean() })],
  ['sealed', fc.record({ message: bytes(1) })],
];

export const SERVER_MLS_MESSAGES: readonly (readonly [SentServerMessage['case'], fc.Arbitrary<unknown>])[] = [
  ['groupWanted', fc.constant({})],
  ['welcomed', fc.record({ epoch: uint32, welcome: bytes(1) })],
  ['keyPackageWanted', fc.constant({})],
  ['admissionPending', fc.constant({})],
  ['admissionRefused', fc.record({ reason })],
  ['commitWanted', fc.record({ epoch: uint32, adds: fc.array(candidate, { maxLength: 4 }), removedMemberIds: ids })],
  [
    'commitAccepted',
    fc.record({
      epoch: uint32,
      commit: bytes(1),
      committerId: id,
      added: fc.array(member, { maxLength: 4 }),
      removedMemberIds: ids,
    }),
  ],
  ['epochReady', fc.record({ epoch: uint32 })],
  ['commitVoided', fc.record({ epoch: uint32 })],
  ['knocking', fc.record({ candidate })],
  ['sealed', fc.record({ message: bytes(1), senderId: id })],
];
