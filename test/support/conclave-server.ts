import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type Log, randomId, Scope, silentLog, systemClock } from '../../src/base/index.ts';
import { Metrics } from '../../src/ops/index.ts';
import type { Sfu } from '../../src/sfu/index.ts';
import { DevTokens, SIGNALING_LIMITS, SignalingServer, TokenVerifier } from '../../src/signaling/index.ts';
import { openSfu } from './open-sfu.ts';
import { TcpRelay } from './tcp-relay.ts';

const BUILT_PAGE = fileURLToPath(new URL('../../dist/web', import.meta.url));

/** The whole server in this process: real workers, real signaling, the built page, development tokens. */
export interface ConclaveServer {
  readonly sfu: Sfu;
  readonly signaling: SignalingServer;
  /** Where browsers go: a relay before the server, so that connections can be cut. Media goes past it. */
  readonly relay: TcpRelay;
  readonly origin: string;
  /** An invite link to a room of its own. */
  inviteLink(): string;
  close(): Promise<void>;
}

export async function openConclaveServer(
  options: { workers?: number; consumersPerWorker?: number; log?: Log; address?: string; host?: string } = {},
): Promise<ConclaveServer> {
  if (!existsSync(`${BUILT_PAGE}/index.html`)) throw new Error('the page is not built: npx vite build');
  const log = options.log ?? silentLog;
  const scope = new Scope();
  const { workers = 1, consumersPerWorker = 500, address = '127.0.0.1', host = address } = options;
  const sfu = scope.own(await openSfu({ workers, consumersPerWorker, listenIps: [address], log }));
  const devTokens = await DevTokens.open();
  const signaling = scope.own(
    await SignalingServer.open({
      host: '127.0.0.1',
      port: 0,
      sfu,
      tokens: await TokenVerifier.open([devTokens.publicKey]),
      devTokens,
      webhook: undefined,
      webRoot: BUILT_PAGE,
      limits: SIGNALING_LIMITS,
      clock: systemClock,
      log,
      metrics: new Metrics(),
    }),
  );
  const relay = scope.own(await TcpRelay.open(signaling.port, address));
  const origin = `http://${host}:${relay.port}`;
  return {
    sfu,
    signaling,
    relay,
    origin,
    inviteLink: () => `${origin}/call/${randomId()}#k=${randomId()}`,
    close: async () => scope.close(),
  };
}
