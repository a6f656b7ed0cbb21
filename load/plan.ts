import { type Kind, kindsOf, type Mix, maySend } from './mix.ts';

/** Somebody who is to join. */
export interface Planned {
  /** Unique in the run, from 0, in the order of joining. */
  readonly id: number;
  readonly name: string;
  /** From 0. */
  readonly room: number;
  readonly kind: Kind;
  /** Sends camera and microphone; others only receive. */
  readonly publishes: boolean;
  /** After the first join. */
  readonly atMs: number;
}

export interface Crowd {
  readonly rooms: number;
  /** In each room. */
  readonly participants: number;
  /** In each room; the first to come, of those who may send. */
  readonly publishers: number;
  readonly mix: Mix;
  readonly rampPerSecond: number;
}

/** Everybody in the order in which they come, as far apart as the ramp says. Rooms fill side by side. */
export function planOf({ rooms, participants, publishers, mix, rampPerSecond }: Crowd): Planned[] {
  const kinds = kindsOf(mix, participants);
  const senders = kinds.flatMap((kind, place) => (maySend(kind, mix) ? place : [])).slice(0, publishers);
  return kinds.flatMap((kind, place) =>
    Array.from({ length: rooms }, (_, room) => {
      const id = place * rooms + room;
      const publishes = senders.includes(place);
      const atMs = (id * 1_000) / rampPerSecond;
      return { id, name: `${publishes ? 'Sender' : 'Viewer'} ${room + 1}.${place + 1}`, room, kind, publishes, atMs };
    }),
  );
}
