import { observer, type types } from 'mediasoup';

/** Everything that mediasoup opens in this process from now on, as mediasoup knows it. */
export class WorkerObjects {
  readonly workers: types.Worker[] = [];
  readonly routers: types.Router[] = [];
  readonly transports: types.Transport[] = [];
  readonly consumers: types.Consumer[] = [];
  readonly #routerOfProducer = new Map<string, types.Router>();

  constructor() {
    observer.on('newworker', (worker) => {
      this.workers.push(worker);
      worker.observer.on('newrouter', (router) => {
        this.routers.push(router);
        router.observer.on('newtransport', (transport) => {
          this.transports.push(transport);
          transport.observer.on('newconsumer', (consumer) => this.consumers.push(consumer));
          transport.observer.on('newproducer', ({ id }) => this.#routerOfProducer.set(id, router));
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

  /** The router that the producer feeds. @throws when there is none. */
  routerOf(producerId: string): types.Router {
    const router = this.#routerOfProducer.get(producerId);
    if (!router) throw new Error('no such producer');
    return router;
  }
}
