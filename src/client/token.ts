import { CallError } from '../base/index.ts';

/**
 * A JWT of the messenger's backend. Each serves for one session, so a plain string cannot come back after the session
 * was lost; a function is asked for a fresh one every time.
 */
export type Token = string | (() => Promise<string>);

/** Throws `unavailable` when the function rejects: most often the network is gone, and a later try may succeed. */
export async function readToken(token: Token): Promise<string> {
  if (typeof token === 'string') return token;
  try {
    return await token();
  } catch (error) {
    throw CallError.from(
      error instanceof CallError ? error : new CallError('unavailable', 'no token could be had', { cause: error }),
    );
  }
}

/** What a token says of whom it is for; `undefined` each when it does not. */
export interface TokenClaims {
  readonly room: string | undefined;
  /** Claim `sub`. */
  readonly user: string | undefined;
  readonly device: string | undefined;
}

const NO_CLAIMS: TokenClaims = { room: undefined, user: undefined, device: undefined };

/** Not verified: that is the server's part. */
export function claimsOf(token: string): TokenClaims {
  try {
    const payload = (token.split('.')[1] ?? '').replaceAll('-', '+').replaceAll('_', '/');
    const claims: unknown = JSON.parse(
      new TextDecoder().decode(Uint8Array.from(atob(payload), (c) => c.charCodeAt(0))),
    );
    const { room, sub, device } = (claims ?? {}) as Record<string, unknown>;
    const text = (value: unknown) => (typeof value === 'string' ? value : undefined);
    return { room: text(room), user: text(sub), device: text(device) };
  } catch {
    return NO_CLAIMS; // not a JWT: the server will say so better
  }
}
