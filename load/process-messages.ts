import type { Counts } from './counts.ts';
import type { Invitation } from './pool.ts';

/** What the driver asks of a process of participants. Each but `leave` is answered. */
export type ToProcess =
  | { readonly kind: 'join'; readonly invitation: Invitation }
  | { readonly kind: 'read' }
  /** Everybody leaves; the process ends. */
  | { readonly kind: 'leave' };

export type FromProcess =
  | { readonly kind: 'joined'; readonly id: number; readonly joinMs: number }
  | { readonly kind: 'failed'; readonly id: number; readonly code: string; readonly message: string }
  | {
      readonly kind: 'reading';
      readonly counts: readonly (readonly [id: number, Counts])[];
      readonly loopDelayMs: number;
    };
