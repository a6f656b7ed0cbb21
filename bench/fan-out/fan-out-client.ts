import type { WebSocket } from 'ws';

/** One in the room, as the measure sees it; what is said on the wire is its system's. */
export interface FanOutClient {
  readonly socket: WebSocket;
  /** As a client does every few seconds, saying how far it has read. Resolves with the answer. */
  ping(): Promise<void>;
  /** Begins to publish what nobody receives. */
  publish(): Promise<void>;
  /** Mutes what it publishes, or not: the others are told. Resolves with the answer. */
  setPaused(pausing: { readonly paused: boolean }): Promise<void>;
  /** What it was told since the last time, as `paused <producer>` or `resumed <producer>`; anything else by its name. */
  takeTold(): string[];
  readonly producerId: string;
}
