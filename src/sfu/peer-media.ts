import { CallError, type Scope } from '../base/index.ts';
import type { MediaHome } from './media-home.ts';
import type { MediaPaths } from './peer-fact.ts';
import type { Direction, Transport } from './transport.ts';

/** What a peer has on one worker: its paths, and its place in the room's part there. */
export class PeerMedia {
  constructor(
    readonly home: MediaHome,
    readonly recv: Transport,
    /** A listener has none. */
    readonly send: Transport | undefined,
    readonly scope: Scope,
  ) {}

  get paths(): MediaPaths {
    return { recvTransport: this.recv.parameters, ...(this.send && { sendTransport: this.send.parameters }) };
  }

  /**
   * @param id Whose is meant; any when absent.
   * @throws CallError `forbidden` for a listener's way to send, `media-lost` when another is meant: one of a worker that died
   */
  path(direction: Direction, id?: string): Transport {
    const transport = this[direction];
    if (!transport) throw new CallError('forbidden', 'a listener sends nothing');
    if (id !== undefined && id !== transport.parameters.id) throw new CallError('media-lost', 'this path is gone');
    return transport;
  }

  close(): void {
    this.scope.close();
  }
}
