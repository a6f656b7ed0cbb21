import type { types } from 'mediasoup';
import { NOTHING_CARRIED, type WorkerLoad } from './placement.ts';

/** An object of mediasoup that says when it has closed, for whatever reason. */
interface Closing {
  readonly observer: { once(event: 'close', listener: () => void): unknown };
}

/** Counts what lives in a worker by mediasoup's own events, so that it is true even where we forgot to close something. */
export function countObjects(worker: types.Worker): WorkerLoad {
  const load: { -readonly [Kind in keyof WorkerLoad]: number } = { ...NOTHING_CARRIED };
  const count = (kind: keyof typeof load, object: Closing) => {
    load[kind] += 1;
    object.observer.once('close', () => {
      load[kind] -= 1;
    });
  };
  worker.observer.on('newrouter', (router) => {
    count('routers', router);
    router.observer.on('newtransport', (transport) => {
      if (transport.type === 'pipe') {
        count('pipeTransports', transport);
        transport.observer.on('newproducer', (producer) => count('pipes', producer));
        return;
      }
      count('transports', transport);
      transport.observer.on('newproducer', (producer) => count('producers', producer));
      transport.observer.on('newconsumer', (consumer) => {
        count('consumers', consumer);
        countResting(load, consumer);
      });
      if (transport.appData.direction === 'recv') countWaiting(load, transport);
    });
  });
  return load;
}

/** All begin paused, until the client is ready: which of them rest is said by who opens them. */
function countResting(load: { resting: number }, consumer: types.Consumer): void {
  let rests = false;
  const become = (now: boolean) => {
    load.resting += Number(now) - Number(rests);
    rests = now;
  };
  become(consumer.appData.rests === true);
  consumer.observer.on('pause', () => become(consumer.paused));
  consumer.observer.on('resume', () => become(consumer.paused));
  consumer.observer.once('close', () => become(false));
}

/** Until the first thing that it receives. */
function countWaiting(load: { waiting: number }, { observer }: types.Transport): void {
  load.waiting += 1;
  const end = () => {
    observer.off('newconsumer', end);
    observer.off('close', end);
    load.waiting -= 1;
  };
  observer.once('newconsumer', end);
  observer.once('close', end);
}
