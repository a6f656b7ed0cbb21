import { type CryptoKey, exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose';
import { type DeviceId, type RoomId, randomId, type UserId } from '../base/index.ts';

/** From the page asking to the Hello. */
const LIFETIME = '5 minutes';

/** Stands in for a messenger's backend while one develops: gives anybody who asks a token for any room. */
export class DevTokens {
  /** For the TokenVerifier. */
  readonly publicKey: JWK;
  readonly #privateKey: CryptoKey;

  private constructor(publicKey: JWK, privateKey: CryptoKey) {
    this.publicKey = publicKey;
    this.#privateKey = privateKey;
  }

  /** Makes the key. It lives as long as the process. */
  static async open(): Promise<DevTokens> {
    const { publicKey, privateKey } = await generateKeyPair('EdDSA', { crv: 'Ed25519' });
    return new DevTokens({ ...(await exportJWK(publicKey)), kid: `dev-${randomId()}` }, privateKey);
  }

  /**
   * A token for a new user on a new device, unless they are named. Of a moderator, unless said otherwise: where anybody gets any token
   * people trust each other, and a call without a chair must not be without a door.
   */
  sign(
    room: RoomId,
    {
      user = randomId<UserId>(),
      device = randomId<DeviceId>(),
      role = 'speaker',
      moderator = true,
    }: {
      readonly user?: UserId | undefined;
      readonly device?: DeviceId | undefined;
      readonly role?: 'speaker' | 'listener' | undefined;
      readonly moderator?: boolean | undefined;
    } = {},
  ): Promise<string> {
    return new SignJWT({ room, device, role, moderator })
      .setProtectedHeader({ alg: 'EdDSA', kid: this.publicKey.kid ?? '' })
      .setAudience('conclave')
      .setSubject(user)
      .setJti(randomId())
      .setIssuedAt()
      .setExpirationTime(LIFETIME)
      .sign(this.#privateKey);
  }
}
