import type { Endpoints } from '../endpoints/endpoints.ts';
import type { StreamShape } from '../endpoints/stream-plan.ts';

/** Somebody in the one room of a system: a WebRTC end, or one for each direction. */
export interface Person {
  /** Whom others subscribe to. */
  readonly id: string;
  /** Is ready to send these streams; they flow while the system's endpoints send. Once. */
  publish(shapes: readonly StreamShape[]): Promise<void>;
  /**
   * Is ready to receive the videos of those people, and of their sound what the system would let this person hear: all, or the
   * loudest. In place of those before. Every stream is one that an endpoint expects.
   */
  subscribe(people: readonly Person[]): Promise<void>;
}

/** A server under load, in processes of its own on this machine, and the endpoints that load it. SRTP is AEAD_AES_128_GCM. */
export interface System {
  readonly name: string;
  /** Everybody receives everybody, whoever is on the screen; false where people say whom they look at. */
  readonly seesAll: boolean;
  /** Processes whose CPU time is the server's. */
  readonly pids: readonly number[];
  readonly endpoints: Endpoints;
  join(): Promise<Person>;
  /** Ends the server and the endpoints. */
  close(): Promise<void>;
}

/** A system that cannot run here. */
export interface Skipped {
  readonly name: string;
  /** Why, as a line for people. */
  readonly skipped: string;
}

export type OpenSystem = () => Promise<System | Skipped>;
