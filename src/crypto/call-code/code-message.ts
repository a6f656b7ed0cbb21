import type { MemberId } from '../../base/index.ts';

type Bytes = Uint8Array<ArrayBuffer>;

/** The four sealed messages of a round, in the shape that the wire gives them (proto/conclave/v1/sealed.proto). */
export type CodeMessage =
  | { readonly case: 'codeStart'; readonly value: { round: Bytes } }
  | { readonly case: 'codeCommitment'; readonly value: { round: Bytes; commitment: Bytes } }
  | { readonly case: 'codeClose'; readonly value: { round: Bytes; memberIds: MemberId[] } }
  | { readonly case: 'codeReveal'; readonly value: { round: Bytes; share: Bytes } };
