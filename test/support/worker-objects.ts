import { observer, type types } from 'mediasoup';

/** Everything that mediasoup opens in this process from now on, as mediasoup knows it. */
export class WorkerObjects {
  readonly workers: types.Worker[] = [];
  readonly routers: types.Router[] = [];
  readonly transports: types.Transport[] = [];
  readonly consumers: types.Consumer[] = [];

  constructor() {
    observer.on('newworker', (worker) => {
      this.workers.push(worker);
      worker.observer.on('newrouter', (router) => {
        this.routers.push(router);
        router.observer.on('newtransport', (transport) => {
          this.transports.push(transport);
          transport.observer.on('newconsumer', (consumer) => this.consumers.push(consumer));
        });
      });
    });
  }

  /** @throws when there is none. */
  consumer(id: string): types.Consumer {
    const consumer = this.consumers.find((each) => each.id === id);
    if (!consumer) throw new Error('no such consumer');
    return consumer;
  }
}
