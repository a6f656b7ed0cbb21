import { type CryptoKey, errors, importJWK, type JWK, type JWTPayload, jwtVerify } from 'jose';
import { CallError } from '../base/index.ts';
import { MAX_TOKEN_CHARS } from '../wire/index.ts';
import { parseClaims, type TokenClaims } from './token-claims.ts';
import { UsedTokens } from './used-tokens.ts';

/** Clocks of two servers differ by seconds. More lets expired tokens live longer. */
const SKEW_S = 60;

/** Tokens are made when a person presses Join. A stolen one is worth at most this; a longer one must be remembered longer. */
const MAX_LIFETIME_S = 3_600;

/** Checks tokens: JWTs (RFC 7519) signed with Ed25519 by one of the messenger's keys, each for one Hello. */
export class TokenVerifier {
  readonly #keys: ReadonlyMap<string, CryptoKey>;
  readonly #maxLifetimeS: number;
  readonly #used = new UsedTokens();

  private constructor(keys: ReadonlyMap<string, CryptoKey>, maxLifetimeS: number) {
    this.#keys = keys;
    this.#maxLifetimeS = maxLifetimeS;
  }

  /** Rejects when a key is not a public Ed25519 key with a `kid` of its own (RFC 8037). */
  static async open(
    keys: readonly JWK[],
    { maxLifetimeS = MAX_LIFETIME_S }: { readonly maxLifetimeS?: number } = {},
  ): Promise<TokenVerifier> {
    const imported = new Map<string, CryptoKey>();
    for (const key of keys) {
      if (!key.kid) throw new Error('a token key has no kid');
      if (imported.has(key.kid)) throw new Error(`token key ${key.kid} is given twice`);
      if (key.kty !== 'OKP' || key.crv !== 'Ed25519') throw new Error(`token key ${key.kid} is not an Ed25519 key`);
      if (key.d !== undefined) throw new Error(`token key ${key.kid} is a private key: give the server the public one`);
      imported.set(key.kid, (await importJWK(key, 'EdDSA')) as CryptoKey);
    }
    return new TokenVerifier(imported, maxLifetimeS);
  }

  /**
   * Who the token speaks for. `nowMs` is the wall clock, as `Date.now()` gives it; the token is used up by this.
   *
   * @throws CallError `unauthenticated`, `token-expired`, `token-used`; `unavailable` when too many are in use.
   */
  async verify(token: string, nowMs: number): Promise<TokenClaims> {
    if (token.length > MAX_TOKEN_CHARS) throw refused(`longer than ${MAX_TOKEN_CHARS} characters`);
    const { payload, kid } = await this.#open(token, nowMs);
    const parsed = parseClaims(payload);
    if ('bad' in parsed) throw refused(`claim ${parsed.bad} is missing or bad`);

    const { claims } = parsed;
    const nowS = nowMs / 1000;
    if (claims.iat > nowS + SKEW_S) throw refused('issued in the future');
    if (claims.exp - claims.iat > this.#maxLifetimeS) throw refused(`lives longer than ${this.#maxLifetimeS} s`);
    switch (this.#used.use(`${kid} ${claims.jti}`, claims.exp + SKEW_S, nowS)) {
      case 'used':
        throw new CallError('token-used', 'token refused: each serves for one Hello');
      case 'full':
        throw new CallError('unavailable', 'too many tokens in use');
      case 'first-use':
        return claims;
    }
  }

  /** Signature, algorithm, key, audience and times. */
  async #open(token: string, nowMs: number): Promise<{ payload: JWTPayload; kid: string }> {
    try {
      const { payload, protectedHeader } = await jwtVerify(token, (header) => this.#key(header.kid), {
        algorithms: ['EdDSA'], // never what the token asks for
        audience: 'conclave',
        clockTolerance: SKEW_S,
        currentDate: new Date(nowMs),
        requiredClaims: ['exp', 'iat', 'jti'],
      });
      return { payload, kid: protectedHeader.kid ?? '' };
    } catch (error) {
      throw toRefused(error);
    }
  }

  #key(kid: string | undefined): CryptoKey {
    const key = kid === undefined ? undefined : this.#keys.get(kid);
    if (!key) throw refused('unknown kid');
    return key;
  }
}

function refused(why: string, cause?: unknown): CallError {
  return new CallError('unauthenticated', `token refused: ${why}`, { cause });
}

/** jose's errors in our words. Its own messages may hold parts of the token. */
function toRefused(error: unknown): CallError {
  if (error instanceof CallError) return error;
  if (error instanceof errors.JWTExpired)
    return new CallError('token-expired', 'token refused: expired', { cause: error });
  if (error instanceof errors.JWTClaimValidationFailed) return refused(`claim ${error.claim.slice(0, 16)}`, error);
  if (error instanceof errors.JOSEAlgNotAllowed) return refused('alg must be EdDSA', error);
  if (error instanceof errors.JWSSignatureVerificationFailed) return refused('bad signature', error);
  return refused('not a JWT of ours', error);
}
