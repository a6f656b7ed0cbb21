import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { CallError } from '../base/index.ts';
import type { Metrics } from './metrics.ts';

/** The private port: for Prometheus and supervisors, never for clients. */
export class OpsServer {
  private constructor(
    readonly port: number,
    readonly close: () => void,
  ) {}

  /** `port` 0 takes any free one. @throws CallError `unavailable` when the port is taken. */
  static async open(options: {
    readonly host: string;
    readonly port: number;
    readonly metrics: Metrics;
  }): Promise<OpsServer> {
    const server = createServer((request, response) => {
      if (request.method !== 'GET' && request.method !== 'HEAD') return answer(response, 405, 'only GET\n');
      switch (request.url) {
        case '/healthz':
          return answer(response, 200, 'ok\n');
        case '/metrics':
          return void options.metrics.registry.metrics().then(
            (text) => answer(response, 200, text, options.metrics.registry.contentType),
            () => answer(response, 500, 'metrics could not be read\n'),
          );
        default:
          return answer(response, 404, 'here are /healthz and /metrics\n');
      }
    });
    await new Promise<void>((resolve, reject) => {
      server.once('error', (cause) =>
        reject(new CallError('unavailable', `port ${options.port} could not be opened`, { cause })),
      );
      server.listen(options.port, options.host, resolve);
    });
    const close = () => {
      server.close();
      server.closeAllConnections();
    };
    return new OpsServer((server.address() as AddressInfo).port, close);
  }
}

function answer(response: ServerResponse, status: number, text: string, type = 'text/plain; charset=utf-8'): void {
  response.writeHead(status, { 'content-type': type }).end(text);
}
