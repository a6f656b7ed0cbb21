import type { CountsById } from './counts.ts';
import type { Layout } from './layout.ts';
import type { Planned } from './plan.ts';

/** What a participant has to know besides its place in the plan. */
export interface Invitation {
  readonly planned: Planned;
  /** An invite link of the server. */
  readonly link: string;
  readonly layout: Layout;
}

/** A browser says where it could not go, with the link whole: what is behind `#` lets people in, and is for no report. */
function withoutSecret(text: string): string {
  return text.replaceAll(/#\S*/g, '#…');
}

/** A join that failed. Its message names no secret. */
export class JoinError extends Error {
  override readonly name = 'JoinError';

  constructor(
    /** The server's word for a refusal, else `timeout` or `error`. */
    readonly code: string,
    message: string,
  ) {
    super(withoutSecret(message));
  }
}

/** How the processes of a pool are, since they were last asked. */
export interface Reading {
  readonly counts: CountsById;
  /** The 99th percentile of how late timers were, in the latest of its processes; 0 where it is not measured. */
  readonly loopDelayMs: number;
}

/** Participants of one kind, and the processes in which they live. */
export interface Pool {
  /** Resolves when that one is in the call, with how long it took from asking to join, in milliseconds. @throws JoinError */
  join(invitation: Invitation): Promise<number>;
  /** Of all who are in the call. */
  read(): Promise<Reading>;
  /** Processes that use one core at most, by their ids; empty where there are none such. */
  readonly singleCorePids: readonly number[];
  /** Everybody leaves, and every process ends. */
  close(): Promise<void>;
}
