import { encodeMlsMessage } from 'ts-mls/message.js';
import { Mailbox } from '../../base/index.ts';
import { wipe } from './epoch.ts';
import type { Ground } from './ground.ts';
import { Group } from './group.ts';
import { makeKeyPackage, type OwnKeyPackage } from './key-package.ts';
import { receiveWelcome } from './receive-welcome.ts';
import type { WelcomeRefusal } from './refusal.ts';
import { type GroupSettings, groundOf } from './settings.ts';

export type JoinOutcome =
  | { readonly kind: 'joined'; readonly group: Group }
  | { readonly kind: 'refused'; readonly reason: WelcomeRefusal };

/**
 * waiting -- a welcome that leads into the group --> used. A welcome that is refused changes nothing: anybody can send
 * one.
 */
type State = { readonly kind: 'waiting'; readonly own: OwnKeyPackage } | { readonly kind: 'used' };

/** Somebody with a key package, whom a member may add. Good for one group, once, for 5 minutes. */
export class PendingMember {
  /** For the members, by way of the server. */
  readonly keyPackage: Uint8Array;
  readonly #ground: Ground;
  readonly #mailbox = new Mailbox();
  #state: State;

  private constructor(ground: Ground, own: OwnKeyPackage) {
    const { publicPackage } = own;
    this.keyPackage = encodeMlsMessage({ version: 'mls10', wireformat: 'mls_key_package', keyPackage: publicPackage });
    this.#ground = ground;
    this.#state = { kind: 'waiting', own };
  }

  /** @throws RangeError for a name or id that is too long, and whatever the app's `prove` throws. */
  static async create(settings: GroupSettings): Promise<PendingMember> {
    const ground = await groundOf(settings);
    return new PendingMember(ground, await makeKeyPackage(ground, settings));
  }

  join(welcome: Uint8Array): Promise<JoinOutcome> {
    return this.#mailbox.run(async () => {
      if (this.#state.kind === 'used') return { kind: 'refused', reason: 'used' };
      const { own } = this.#state;
      const epoch = await receiveWelcome(this.#ground, own, welcome);
      if (typeof epoch === 'string') return { kind: 'refused', reason: epoch };
      this.#state = { kind: 'used' };
      wipe([own.privatePackage.initPrivateKey]); // the leaf's key lives on in the group
      return { kind: 'joined', group: new Group(this.#ground, epoch) };
    });
  }
}
