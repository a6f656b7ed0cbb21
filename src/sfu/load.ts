import type { types } from 'mediasoup';
import type { WorkerLoad } from './placement.ts';

/** An object of mediasoup that says when it has closed, for whatever reason. */
interface Closing {
  readonly observer: { once(event: 'close', listener: () => void): unknown };
}

/** Counts what lives in a worker by mediasoup's own events, so that it is true even where we forgot to close something. */
export function countObjects(worker: types.Worker): WorkerLoad {
  const load = { routers: 0, transports: 0, producers: 0, consumers: 0 };
  const count = (kind: keyof typeof load, object: Closing) => {
    load[kind] += 1;
    object.observer.once('close', () => {
      load[kind] -= 1;
    });
  };
  worker.observer.on('newrouter', (router) => {
    count('routers', router);
    router.observer.on('newtransport', (transport) => {
      count('transports', transport);
      transport.observer.on('newproducer', (producer) => count('producers', producer));
      transport.observer.on('newconsumer', (consumer) => count('consumers', consumer));
    });
  });
  return load;
}
