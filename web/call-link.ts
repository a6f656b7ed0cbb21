import { fromFragment, type LinkSecret, randomId, randomSecret, toFragment } from '../src/client/index.ts';

/** What it takes to come into a call: `/call/<room>#k=<secret>`. The server sees the room; nobody but the invited sees the secret. */
export interface CallLink extends LinkSecret {
  readonly room: string;
}

/** `start` without a room, `incomplete` when what stands behind the `#` got lost on the way. */
export type Place =
  | { readonly kind: 'start' }
  | { readonly kind: 'incomplete' }
  | { readonly kind: 'call'; readonly link: CallLink };

export function placeOf({ pathname, hash }: Pick<Location, 'pathname' | 'hash'>): Place {
  const room = /^\/call\/([A-Za-z0-9_-]{1,128})\/?$/.exec(pathname)?.[1];
  if (room === undefined) return { kind: 'start' };
  const secret = fromFragment(hash);
  return secret ? { kind: 'call', link: { room, ...secret } } : { kind: 'incomplete' };
}

export const pathOf = (link: CallLink): string => `/call/${link.room}${toFragment(link)}`;

/** A call that nobody can guess. */
export const freshLink = ({ lobby }: Pick<CallLink, 'lobby'>): CallLink => ({
  room: randomId<string>(),
  secret: randomSecret(),
  lobby,
});
