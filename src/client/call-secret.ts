import { CallError } from '../base/index.ts';

/** 128 random bits: as much as the keys that they protect. */
const SECRET_BYTES = 16;

/** What a link's fragment says: who has it may ask to come in. */
export interface LinkSecret {
  /** Base64url, 22 characters for the 16 bytes of `randomSecret`. */
  readonly secret: string;
  /** Whether somebody in the call has to press Admit for each who comes. Everybody of a call has to say the same. */
  readonly lobby: boolean;
}

/** A secret for a new call. It goes behind the `#` of the link, which browsers send to no server. */
export function randomSecret(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(SECRET_BYTES));
  return btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '');
}

/** `#k=<secret>`, with `&lobby` behind it where members admit. */
export function toFragment({ secret, lobby }: LinkSecret): string {
  return `#k=${secret}${lobby ? '&lobby' : ''}`;
}

/** `undefined` for a fragment that holds no secret: half a link. */
export function fromFragment(fragment: string): LinkSecret | undefined {
  const found = /^#k=([A-Za-z0-9_-]{22,86})(&lobby)?$/.exec(fragment);
  return found?.[1] === undefined ? undefined : { secret: found[1], lobby: found[2] !== undefined };
}

/** @throws CallError `invalid` for what is not base64url of at least 16 bytes. */
export function secretBytes(secret: string): Uint8Array<ArrayBuffer> {
  try {
    const bytes = Uint8Array.from(atob(secret.replaceAll('-', '+').replaceAll('_', '/')), (c) => c.charCodeAt(0));
    if (bytes.length >= SECRET_BYTES) return bytes;
  } catch {
    // not base64url: as a short one
  }
  throw new CallError('invalid', `a call secret is base64url of at least ${SECRET_BYTES} bytes`);
}
