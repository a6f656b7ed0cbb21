import type { types } from 'mediasoup';

/** mediasoup's two calls as one. @throws mediasoup's error when the producer or its worker is gone */
export function setPaused(producer: types.Producer, paused: boolean): Promise<void> {
  return paused ? producer.pause() : producer.resume();
}
