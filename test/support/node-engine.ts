import { systemClock } from '../../src/base/index.ts';
import { secretBytes } from '../../src/client/call-secret.ts';
import type { DeliveryPort } from '../../src/client/e2ee/delivery-port.ts';
import { E2eeEngine } from '../../src/client/e2ee/engine.ts';
import type { FrameKeys } from '../../src/client/e2ee/frame-keys.ts';
import { passingIdentity } from '../../src/client/e2ee/identity-store.ts';
import type { EngineNews } from '../../src/client/e2ee/news.ts';
import { callSecretAdmission } from '../../src/crypto/index.ts';
import type { NodeSession } from './node-session.ts';

export interface NodeEngineOptions {
  readonly name: string;
  /** What stands behind `#k=` in the invite link. */
  readonly secret: string;
  readonly keys: FrameKeys;
  readonly tell: (news: EngineNews) => void;
}

/** The SDK's encryption for a session without a browser; it joins the group at `begin()`. */
export async function openNodeEngine(
  { link, joined, roomId, userId, deviceId }: NodeSession,
  { name, secret, keys, tell }: NodeEngineOptions,
): Promise<E2eeEngine> {
  const identity = await passingIdentity();
  return new E2eeEngine({
    own: { memberId: joined.memberId, userId, deviceId, roomId, name, signatureKeys: identity.signatureKeys },
    admission: await callSecretAdmission({ secret: secretBytes(secret), roomId, lobby: false }),
    lobby: false,
    port: portOf(link),
    keys,
    identity,
    clock: systemClock,
    random: Math.random,
    tell,
  });
}

function portOf(link: NodeSession['link']): DeliveryPort {
  return {
    async request(body) {
      await link.request(body, 'done');
    },
    intend: (body) => link.intend(body),
  };
}
