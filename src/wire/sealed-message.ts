import * as z from 'zod/mini';
import { bytesField, memberIdField, uint32 } from './fields.ts';
import { bodyCase, check, decodeBytes, type Received, type Sent, same } from './frame-codec.ts';
import { conclave } from './gen/sealed.js';
import { MAX_CHAT_CHARS, MAX_SEALED_BYTES } from './limits.ts';

const AUTHENTICATOR_BYTES = 32;
const ROUND_BYTES = 16;
const SHARE_BYTES = 32;
const SIGNATURE_KEY_BYTES = 32;

/** 34 bytes each: their list fits a sealed message twice. */
const MAX_ADMITTED_BEFORE = 256;

/** Ids of 22 characters: their list fits a sealed message. */
const MAX_CODE_SHARES = 512;

/** The longest emoji that Unicode recommends has 35 UTF-8 bytes in 14 UTF-16 units (a kiss of two with skin tones). */
const MAX_EMOJI_CHARS = 16;

const presence = z.object({
  microphoneOn: z.boolean(),
  cameraOn: z.boolean(),
  handRaised: z.boolean(),
  recording: z.boolean(),
});
const round = bytesField(ROUND_BYTES, ROUND_BYTES);
const share = bytesField(SHARE_BYTES, SHARE_BYTES);
const signatureKey = bytesField(SIGNATURE_KEY_BYTES, SIGNATURE_KEY_BYTES);

/** What a member shows of itself besides media. */
export type Presence = z.output<typeof presence>;

/** One row per message between members; meanings are in proto/conclave/v1/sealed.proto. */
const BODIES = {
  checkIn: same(
    z.object({ epoch: uint32, authenticator: bytesField(AUTHENTICATOR_BYTES, AUTHENTICATOR_BYTES), presence }),
  ),
  presence: same(presence),
  chat: same(z.object({ text: z.string().check(z.minLength(1), z.maxLength(MAX_CHAT_CHARS)) })),
  reaction: same(
    z.object({
      emoji: z
        .string()
        .check(z.maxLength(MAX_EMOJI_CHARS), z.regex(/^[\p{Extended_Pictographic}\p{Emoji_Component}]+$/u)),
    }),
  ),
  admission: same(z.object({ signatureKey, admitted: z.boolean() })),
  codeStart: same(z.object({ round })),
  codeCommitment: same(z.object({ round, commitment: share })),
  codeClose: same(z.object({ round, memberIds: z.array(memberIdField).check(z.maxLength(MAX_CODE_SHARES)) })),
  codeReveal: same(z.object({ round, share })),
  muteAsk: same(z.object({ memberId: memberIdField })),
  removal: same(z.object({ signatureKey })),
  moveHere: same(z.object({})),
  admittedBefore: same(
    z.object({ signatureKeys: z.array(signatureKey).check(z.minLength(1), z.maxLength(MAX_ADMITTED_BEFORE)) }),
  ),
};

export type SealedMessage = Received<typeof BODIES>;
export type SentSealedMessage = Sent<typeof BODIES>;

/** `undefined` for a kind newer than this code. @throws WireError: members are strangers to each other's code. */
export function decodeSealedMessage(bytes: Uint8Array): SealedMessage | undefined {
  const decoded = decodeBytes((from) => conclave.v1.SealedMessage.decode(from), bytes, MAX_SEALED_BYTES);
  const name = bodyCase(decoded, []) as keyof typeof BODIES | undefined;
  if (name === undefined || !Object.hasOwn(BODIES, name)) return undefined;
  return { case: name, value: check(BODIES[name].schema, decoded[name], name, 0) } as SealedMessage;
}

export function encodeSealedMessage(body: SentSealedMessage): Uint8Array<ArrayBuffer> {
  return new Uint8Array(conclave.v1.SealedMessage.encode({ [body.case]: body.value }).finish());
}
