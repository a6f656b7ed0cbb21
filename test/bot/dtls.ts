import { X509Certificate } from 'node:crypto';
import {
  CipherContext,
  DtlsClient,
  HashAlgorithm,
  NamedCurveAlgorithm,
  SignatureAlgorithm,
  type SignatureHash,
} from 'werift';
import { HandshakeFlights } from './handshake-flights.ts';
import { KEY_BYTES, type MasterKey, SALT_BYTES } from './srtp.ts';

/** AEAD_AES_128_GCM in the use_srtp extension (RFC 7714, section 14.2): what the server prefers, and all that bots speak. */
const AEAD_AES_128_GCM = 0x0007;

/** A handshake takes two round trips; one with lost flights some seconds. */
const HANDSHAKE_LIMIT_MS = 15_000;

/** Who a bot is on its paths. */
export interface Certificate {
  readonly certPem: string;
  readonly keyPem: string;
  readonly signatureHash: SignatureHash;
  /** SHA-256, as signaling wants it. */
  readonly fingerprint: string;
}

/** The master keys that both sides have when the handshake is done. */
export interface SrtpKeys {
  readonly own: MasterKey;
  readonly server: MasterKey;
}

let shared: Promise<Certificate> | undefined;

/** One for all bots of this process: making one takes as long as a handshake, and the server only compares fingerprints. */
export function certificate(): Promise<Certificate> {
  shared ??= makeCertificate();
  return shared;
}

async function makeCertificate(): Promise<Certificate> {
  const made = await CipherContext.createSelfSignedCertificateWithKey(
    { signature: SignatureAlgorithm.ecdsa_3, hash: HashAlgorithm.sha256_4 },
    NamedCurveAlgorithm.secp256r1_23,
  );
  return { ...made, fingerprint: new X509Certificate(made.certPem).fingerprint256 };
}

/** The client's side of DTLS 1.2 over datagrams that somebody else carries. */
export class Dtls {
  readonly #client: DtlsClient;
  /** werift puts its listener here. */
  readonly #transport = {
    type: 'udp',
    address: { address: '', family: 'IPv4', port: 0 },
    closed: false,
    onData: (_bytes: Buffer, _from: readonly [string, number]): void => undefined,
    send: async (bytes: Buffer): Promise<void> => {
      this.#hello ??= bytes;
      this.#send(bytes);
    },
    close: async (): Promise<void> => undefined,
  };
  readonly #send: (datagram: Buffer) => void;
  #hello: Buffer | undefined;
  #isAnswered = false;
  readonly #flights = new HandshakeFlights();

  constructor({ certPem, keyPem, signatureHash }: Certificate, send: (datagram: Buffer) => void) {
    this.#send = send;
    this.#client = new DtlsClient({
      transport: this.#transport,
      cert: certPem,
      key: keyPem,
      signatureHash,
      srtpProfiles: [AEAD_AES_128_GCM],
      extendedMasterSecret: true,
    });
  }

  /** Says its first word again, as long as there is no answer; werift itself waits for 500 ms. False once there is one. */
  repeat(): boolean {
    if (this.#hello && !this.#isAnswered) this.#send(this.#hello);
    return !this.#isAnswered;
  }

  received(datagram: Buffer): void {
    this.#isAnswered = true;
    if (this.#flights.isNew(datagram)) this.#transport.onData(datagram, ['', 0]);
  }

  /** @throws when the server does not answer. */
  handshake(): Promise<SrtpKeys> {
    return new Promise((resolve, reject) => {
      const tooLate = () => reject(new Error(`no DTLS within ${HANDSHAKE_LIMIT_MS} ms`));
      const deadline = setTimeout(tooLate, HANDSHAKE_LIMIT_MS);
      this.#client.onError.subscribe(reject);
      this.#client.onConnect.subscribe(() => {
        clearTimeout(deadline);
        const keys = this.#client.extractSessionKeys(KEY_BYTES, SALT_BYTES);
        resolve({
          own: { key: keys.localKey, salt: keys.localSalt },
          server: { key: keys.remoteKey, salt: keys.remoteSalt },
        });
      });
      this.#client.connect().catch(reject);
    });
  }
}
