import type { FrameOwner } from './key-id.ts';
import type { LazyKey } from './lazy-key.ts';
import { ReplayWindow } from './replay-window.ts';

/**
 * Whose frame was opened. A leaf index may pass to another member in a later epoch, so the epoch is part of the answer.
 */
export interface OpenedOwner extends FrameOwner {
  readonly epoch: bigint;
}

/**
 * The key of one source of another member in one epoch, and the counters opened with it, whichever stream brought them.
 */
export class OpeningKey {
  readonly window = new ReplayWindow();

  constructor(
    readonly owner: OpenedOwner,
    readonly lazy: LazyKey,
  ) {}
}
