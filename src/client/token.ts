import { CallError } from '../base/index.ts';

/**
 * A JWT of the messenger's backend. Each serves for one connection, so a plain string cannot come back after the socket
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

/** The room that a token is for (claim `room`); `undefined` when it says none. Not verified: that is the server's part. */
export function roomOf(token: string): string | undefined {
  try {
    const payload = (token.split('.')[1] ?? '').replaceAll('-', '+').replaceAll('_', '/');
    const claims: unknown = JSON.parse(
      new TextDecoder().decode(Uint8Array.from(atob(payload), (c) => c.charCodeAt(0))),
    );
    const room = (claims as { room?: unknown } | null)?.room;
    return typeof room === 'string' ? room : undefined;
  } catch {
    return undefined; // not a JWT: the server will say so better
  }
}
