import { once } from 'node:events';
import { createServer } from 'node:net';

/**
 * Rejects when somebody listens on that port, or the address is not ours. Asked before uWebSockets.js listens: it shares the port
 * with whoever has it (SO_REUSEPORT), or, told not to, cannot have a port back for a minute that had connections (no SO_REUSEADDR): a
 * server that restarts would not come up.
 */
export async function wantExclusive(host: string, port: number): Promise<void> {
  const probe = createServer().listen({ host, port, exclusive: true });
  await once(probe, 'listening');
  probe.close();
  await once(probe, 'close');
}
