import { secretBytes } from '../../src/client/call-secret.ts';
import { callSecretAdmission, createSignatureKeyPair, PendingMember } from '../../src/crypto/index.ts';
import type { ServerMessage } from '../../src/wire/index.ts';
import { inviteOf, type NodeSession, openNodeSession } from './node-session.ts';
import { until } from './until.ts';

/**
 * A real leaf of a group that costs nothing: offers a key package, then says of every epoch that it is there and
 * processes none. It must not be the first in the group, whom the server asks for commits.
 */
export class SilentMember {
  #session: NodeSession | undefined;
  #entered = false;

  /** Joins the call of that invite link, and waits until it has a leaf. */
  static async join(link: string): Promise<SilentMember> {
    const invite = inviteOf(link);
    const { roomId } = invite;
    const member = new SilentMember();
    const session = await openNodeSession(invite, (fact) => member.#told(fact));
    member.#session = session;
    const { userId, deviceId, joined } = session;
    const pending = await PendingMember.create({
      roomId,
      credential: { memberId: joined.memberId, userId, deviceId },
      signatureKeys: await createSignatureKeyPair(),
      admission: await callSecretAdmission({ secret: secretBytes(invite.secret), roomId, lobby: false }),
      name: 'Silent',
    });
    const keyPackage = new Uint8Array(pending.keyPackage);
    await session.link.request({ case: 'offerKeyPackage', value: { keyPackage } }, 'done');
    await until('a leaf', () => member.#entered);
    return member;
  }

  close(): void {
    this.#session?.link.close();
  }

  #told(fact: ServerMessage): void {
    if (fact.case === 'welcomed') this.#reached(fact.value.epoch);
    if (fact.case === 'commitAccepted') this.#reached(fact.value.epoch + 1);
  }

  #reached(epoch: number): void {
    this.#entered = true;
    this.#session?.link.intend({ case: 'epochReached', value: { epoch } });
  }
}
