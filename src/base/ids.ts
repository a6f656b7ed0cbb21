declare const brand: unique symbol;

/** A `T` that only code which checked it may call `Name`. */
export type Brand<T, Name extends string> = T & { readonly [brand]: Name };

export type RoomId = Brand<string, 'RoomId'>;
export type PeerId = Brand<string, 'PeerId'>;
export type SessionId = Brand<string, 'SessionId'>;
/** One device's stay in the group of keys: outlives the peer id when the media breaks and is joined again. */
export type MemberId = Brand<string, 'MemberId'>;
export type ProducerId = Brand<string, 'ProducerId'>;
export type ConsumerId = Brand<string, 'ConsumerId'>;
/** A person, as the messenger's backend names them. */
export type UserId = Brand<string, 'UserId'>;
/** One device of a person, as the messenger's backend names it. */
export type DeviceId = Brand<string, 'DeviceId'>;

/** 128 random bits as 22 URL-safe characters: no two in the life of the service, and none can be guessed. */
export function randomId<Id extends string>(): Id {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .slice(0, 22) as Id;
}

/** A source of a peer, as a key of maps: of each peer there is one at most. */
export function sourceKey({ peerId, source }: { readonly peerId: PeerId; readonly source: string }): string {
  return `${peerId} ${source}`;
}

/** What a log may show of an id: enough to follow one peer through a file, too little to name it elsewhere. */
export function shortId(id: string): string {
  return id.slice(0, 6);
}
