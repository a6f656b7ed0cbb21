import * as z from 'zod/mini';
import { bytesField, deviceIdField, memberIdField, present, uint32, userIdField } from './fields.ts';
import { same, turned } from './frame-codec.ts';
import {
  MAX_ADDS,
  MAX_COMMIT_BYTES,
  MAX_KEY_PACKAGE_BYTES,
  MAX_REMOVES,
  MAX_SEALED_BYTES,
  MAX_WELCOME_BYTES,
} from './limits.ts';
import { wireEnum } from './wire-enum.ts';

const addRefusal = wireEnum('no-proof', 'invalid', 'waiting', 'denied');

const member = z.object({ memberId: memberIdField, userId: userIdField, deviceId: deviceIdField });
const candidate = z.object({ member, keyPackage: bytesField(1, MAX_KEY_PACKAGE_BYTES) });
const refusedAdd = z.object({ memberId: memberIdField, reason: addRefusal.schema });
const memberIds = (max: number) => z.array(memberIdField).check(z.maxLength(max));
const commit = (minBytes: number) => bytesField(minBytes, MAX_COMMIT_BYTES);

const commitRequest = z.pipe(
  z.object({
    epoch: uint32,
    commit: commit(0),
    welcome: z.nullish(bytesField(1, MAX_WELCOME_BYTES)),
    addedMemberIds: memberIds(MAX_ADDS),
    refusedAdds: z.array(refusedAdd).check(z.maxLength(MAX_ADDS)),
    removedMemberIds: memberIds(MAX_REMOVES),
  }),
  z.transform(present),
);

/** Why a member would not add somebody. */
export type AddRefusal = z.infer<typeof addRefusal.schema>;
/** What the server vouches for. */
export type WireMember = z.output<typeof member>;
export type WireCandidate = z.output<typeof candidate>;
export type WireCommit = z.output<typeof commitRequest>;

const refusalToWire = ({ memberId, reason }: z.output<typeof refusedAdd>) => ({
  memberId,
  reason: addRefusal.toWire(reason),
});

/** Rows of the client's table; meanings are in proto/conclave/v1/mls.proto. */
export const CLIENT_MLS_BODIES = {
  offerKeyPackage: same(z.object({ keyPackage: bytesField(1, MAX_KEY_PACKAGE_BYTES) })),
  commit: turned(commitRequest, (request: WireCommit) => ({
    ...request,
    refusedAdds: request.refusedAdds.map(refusalToWire),
  })),
  epochReached: same(z.object({ epoch: uint32 })),
  commitRejected: same(z.object({ epoch: uint32 })),
  admit: same(z.object({ memberId: memberIdField, admitted: z.boolean() })),
  sealed: same(z.object({ message: bytesField(1, MAX_SEALED_BYTES) })),
};

/** Rows of the server's table. */
export const SERVER_MLS_BODIES = {
  groupWanted: same(z.object({})),
  welcomed: same(z.object({ epoch: uint32, welcome: bytesField(1, MAX_WELCOME_BYTES) })),
  keyPackageWanted: same(z.object({})),
  admissionPending: same(z.object({})),
  admissionRefused: turned(z.object({ reason: addRefusal.schema }), ({ reason }: { reason: AddRefusal }) => ({
    reason: addRefusal.toWire(reason),
  })),
  commitWanted: same(
    z.object({
      epoch: uint32,
      adds: z.array(candidate).check(z.maxLength(MAX_ADDS)),
      removedMemberIds: memberIds(MAX_REMOVES),
    }),
  ),
  commitAccepted: same(
    z.object({
      epoch: uint32,
      commit: commit(1),
      committerId: memberIdField,
      added: z.array(member).check(z.maxLength(MAX_ADDS)),
      removedMemberIds: memberIds(MAX_REMOVES),
    }),
  ),
  epochReady: same(z.object({ epoch: uint32 })),
  commitVoided: same(z.object({ epoch: uint32 })),
  knocking: same(z.object({ candidate })),
  sealed: same(z.object({ message: bytesField(1, MAX_SEALED_BYTES), senderId: memberIdField })),
};
