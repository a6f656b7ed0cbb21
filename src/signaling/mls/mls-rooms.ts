import type { RoomId } from '../../base/index.ts';
import { MlsRoom, type MlsRoomOptions } from './mls-room.ts';

/** The rooms in which somebody has offered a key package. */
export class MlsRooms {
  readonly #options: MlsRoomOptions;
  readonly #rooms = new Map<RoomId, MlsRoom>();

  constructor(options: MlsRoomOptions) {
    this.#options = options;
  }

  get size(): number {
    return this.#rooms.size;
  }

  /** The room, opened when there is none. */
  open(id: RoomId): MlsRoom {
    let room = this.#rooms.get(id);
    if (!room) {
      room = new MlsRoom({ ...this.#options, log: this.#options.log.child({ room: id }) });
      this.#rooms.set(id, room);
    }
    return room;
  }

  /** Forgets the room when nobody is in it. */
  release(id: RoomId): void {
    if (this.#rooms.get(id)?.isEmpty) this.#rooms.delete(id);
  }
}
