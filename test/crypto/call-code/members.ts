import { createHash } from 'node:crypto';
import type { MemberId } from '../../../src/base/index.ts';
import type { CodeEpoch, CodeMessage, CodeRound, RandomBytes } from '../../../src/crypto/call-code/index.ts';

export const memberId = (name: string) => name as MemberId;

export const epochOf = (names: readonly string[], epoch = 1n): CodeEpoch => ({
  epoch,
  authenticator: new Uint8Array(32).fill(Number(epoch)),
  memberIds: names.map(memberId),
});

/** Bytes that depend on nothing but the seed and how many were drawn before. */
export function seeded(seed: string): RandomBytes {
  let drawn = 0;
  return (count) => {
    drawn += 1;
    return Uint8Array.from(createHash('sha256').update(`${seed} ${drawn}`).digest().subarray(0, count));
  };
}

/** What a person reads aloud; `undefined` while there is nothing to read. */
export function readAloud({ stage }: CodeRound): string | undefined {
  return stage.kind === 'done' ? stage.emoji.map(({ english }) => english).join(' ') : undefined;
}

export function reasonOf({ stage }: CodeRound): string | undefined {
  return stage.kind === 'aborted' ? stage.reason : undefined;
}

/** The value of the message of this case among several. */
export function bodyOf<Case extends CodeMessage['case']>(sends: readonly CodeMessage[], wanted: Case) {
  const found = sends.find((message) => message.case === wanted);
  if (found === undefined) throw new Error(`no ${wanted} among ${sends.map((message) => message.case)}`);
  return found.value as Extract<CodeMessage, { case: Case }>['value'];
}
