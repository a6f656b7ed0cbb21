import type { Admission } from './admission.ts';
import type { Suite } from './suite.ts';

/** What stays the same as long as a group lives. */
export interface Ground {
  readonly suite: Suite;
  readonly admission: Admission;
  /** The room's id in UTF-8. */
  readonly groupId: Uint8Array;
  /** Wall clock in milliseconds since 1970: lifetimes are compared between machines. */
  now(): number;
}
