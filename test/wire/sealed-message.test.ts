import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { conclave } from '../../src/wire/gen/sealed.js';
import {
  decodeSealedMessage,
  encodeSealedMessage,
  MAX_CHAT_CHARS,
  type SentSealedMessage,
  WireError,
} from '../../src/wire/index.ts';
import { MAX_SEALED_BYTES } from '../../src/wire/limits.ts';
import { mutate, randomFrom } from './frame-mutation.ts';
import { id } from './mls-arbitraries.ts';

const raw = (message: object) =>
  conclave.v1.SealedMessage.encode(message as conclave.v1.SealedMessage.$Properties).finish();

function outcome(bytes: Uint8Array): unknown {
  try {
    return decodeSealedMessage(bytes);
  } catch (error) {
    if (error instanceof WireError) return `${error.code}: ${error.message}`;
    throw error;
  }
}

const sized = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });
const presence = fc.record({
  microphoneOn: fc.boolean(),
  cameraOn: fc.boolean(),
  handRaised: fc.boolean(),
  recording: fc.boolean(),
});
const round = sized(16);
const message = (name: SentSealedMessage['case'], value: fc.Arbitrary<unknown>) =>
  value.map((each) => ({ case: name, value: each }) as unknown as SentSealedMessage);

/** One row per message that members may say to each other. */
const SEALED_MESSAGES = [
  message(
    'checkIn',
    fc.record({ epoch: fc.integer({ min: 0, max: 0xffff_ffff }), authenticator: sized(32), presence }),
  ),
  message('presence', presence),
  message(
    'chat',
    fc.record({
      text: fc
        .string({ minLength: 1, maxLength: MAX_CHAT_CHARS / 2, unit: 'grapheme' })
        .filter((text) => text.length <= MAX_CHAT_CHARS),
    }),
  ),
  message('reaction', fc.record({ emoji: fc.constantFrom('👍', '❤️', '👩🏽‍🚀', '🇨🇭', '💩') })),
  message('admission', fc.record({ signatureKey: sized(32), admitted: fc.boolean() })),
  message('codeStart', fc.record({ round })),
  message('codeCommitment', fc.record({ round, commitment: sized(32) })),
  message('codeClose', fc.record({ round, memberIds: fc.array(id, { maxLength: 10 }) })),
  message('codeReveal', fc.record({ round, share: sized(32) })),
  message('muteAsk', fc.record({ memberId: id })),
  message('removal', fc.record({ signatureKey: sized(32) })),
  message('moveHere', fc.constant({})),
  message('admittedBefore', fc.record({ signatureKeys: fc.array(sized(32), { minLength: 1, maxLength: 4 }) })),
] as const;

const bytes = (size: number) => new Uint8Array(size);
const invalid = (field: string) => `invalid: bad field: ${field}`;

describe('sealed messages', () => {
  test.each(SEALED_MESSAGES)('what is encoded is what is decoded (%#)', (messages) => {
    fc.assert(
      fc.property(messages, (body) => {
        expect(decodeSealedMessage(encodeSealedMessage(body))).toEqual(body);
      }),
    );
  });

  test.each<[string, string, object]>([
    [
      'an authenticator of 31 bytes',
      invalid('checkIn.authenticator'),
      { checkIn: { epoch: 1, authenticator: bytes(31), presence: {} } },
    ],
    ['a check-in without presence', invalid('checkIn.presence'), { checkIn: { epoch: 1, authenticator: bytes(32) } }],
    ['an empty chat', invalid('chat.text'), { chat: {} }],
    ['a long chat', invalid('chat.text'), { chat: { text: 'x'.repeat(MAX_CHAT_CHARS + 1) } }],
    ['a reaction of letters', invalid('reaction.emoji'), { reaction: { emoji: 'ha' } }],
    ['a reaction of nothing', invalid('reaction.emoji'), { reaction: {} }],
    ['a reaction of many', invalid('reaction.emoji'), { reaction: { emoji: '👍'.repeat(20) } }],
    ['admitting a key of 31 bytes', invalid('admission.signatureKey'), { admission: { signatureKey: bytes(31) } }],
    ['admitting nobody', invalid('admission.signatureKey'), { admission: { admitted: true } }],
    ['asking nobody to mute', invalid('muteAsk.memberId'), { muteAsk: {} }],
    ['removing a key of 33 bytes', invalid('removal.signatureKey'), { removal: { signatureKey: bytes(33) } }],
    ['nobody admitted before', invalid('admittedBefore.signatureKeys'), { admittedBefore: {} }],
    [
      'a crowd admitted before',
      invalid('admittedBefore.signatureKeys'),
      { admittedBefore: { signatureKeys: Array(257).fill(bytes(32)) } },
    ],
    ['a round of 17 bytes', invalid('codeStart.round'), { codeStart: { round: bytes(17) } }],
    ['a share of nothing', invalid('codeReveal.share'), { codeReveal: { round: bytes(16) } }],
  ])('%s: %s', (_what, expected, body) => {
    expect(outcome(raw(body))).toBe(expected);
  });

  test('more than 16 KiB is refused before looking inside', () => {
    expect(outcome(bytes(MAX_SEALED_BYTES + 1))).toMatch(/^too-large/);
  });

  test('a kind that is newer than this code is let by', () => {
    expect(outcome(Uint8Array.from([0xfa, 0x3f, 0x01, 0x41]))).toBeUndefined(); // field 1023
    expect(outcome(bytes(0))).toBeUndefined();
  });

  test('5,000 mutated messages are each a message, a newer kind, or a typed refusal', () => {
    const seed = Date.now() >>> 0;
    const random = randomFrom(seed);
    const honest = fc.sample(fc.oneof(...SEALED_MESSAGES), { numRuns: 100, seed }).map(encodeSealedMessage);
    for (let at = 0; at < 5_000; at += 1) {
      try {
        decodeSealedMessage(mutate(honest[random(honest.length)] ?? bytes(0), random));
      } catch (error) {
        if (!(error instanceof WireError)) throw new Error(`seed ${seed}, round ${at}`, { cause: error });
      }
    }
  });
});
