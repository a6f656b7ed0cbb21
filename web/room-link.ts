import { randomId } from '../src/client/index.ts';

/** The room that a path names: `/call/<room>`. Ids are URL-safe. */
export function roomOfPath(pathname: string): string | undefined {
  return /^\/call\/([A-Za-z0-9_-]{1,128})\/?$/.exec(pathname)?.[1];
}

export const pathOfRoom = (room: string): string => `/call/${room}`;

/** A room that nobody can guess. */
export const freshRoom = (): string => randomId<string>();
