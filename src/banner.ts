/** What the operator is told once, when the server stands. */
export interface Standing {
  readonly host: string;
  readonly port: number;
  readonly opsHost: string;
  readonly opsPort: number;
  readonly mediaIps: readonly string[];
  readonly announcedAddress: string | undefined;
  readonly workerPorts: readonly number[];
  /** Workers that send several packets to a receiver in one call. */
  readonly batchingWorkers: number;
  /** Whether they may. */
  readonly gso: 'on' | 'off';
  /** The path of a fresh room when the server signs tokens itself; `undefined` when a messenger's backend does. */
  readonly invitePath: string | undefined;
  readonly startedInMs: number;
}

/** The banner's lines: where the page is, what to open in the firewall, and what is not for production. */
export function banner(standing: Standing): string {
  const page = `http://${urlHost(standing.host)}:${standing.port}`;
  const announced = standing.announcedAddress ? `, announced as ${standing.announcedAddress}` : '';
  const lines = [
    `Conclave stands (${(standing.startedInMs / 1000).toFixed(1)} s)`,
    '',
    `  page      ${page}/`,
    ...(standing.invitePath ? [`  invite    ${page}${standing.invitePath}`] : []),
    `  media     ${standing.mediaIps.join(' and ')}, UDP and TCP ${ports(standing.workerPorts)}${announced}`,
    `  workers   ${standing.workerPorts.length}, ${sending(standing)}`,
    `  metrics   http://${urlHost(standing.opsHost)}:${standing.opsPort}/metrics`,
    '',
  ];
  if (standing.invitePath) {
    lines.push(
      '  The signing key was made at this start: it is for development. Anybody who reaches the page gets a token.',
    );
    lines.push('  For a messenger, give the public keys of its backend in CONCLAVE_TOKEN_KEYS.');
    if (!isLoopback(standing.host))
      lines.push('  WARNING: the page is not on loopback, so that is anybody on this network.');
    lines.push('');
  }
  if (!standing.announcedAddress && standing.mediaIps.every(isLoopback)) {
    lines.push(
      '  Media is on loopback: browsers on this machine only, and not Firefox, which refuses loopback for calls.',
      '  For others, set CONCLAVE_MEDIA_IP to an address of this machine that they reach.',
      '',
    );
  }
  return lines.join('\n');
}

function sending({ batchingWorkers, gso }: Standing): string {
  if (batchingWorkers > 0) return 'sending bursts in one call (UDP segmentation offload)';
  if (gso === 'off') return 'sending packet by packet (CONCLAVE_GSO=off)';
  return 'sending packet by packet (this worker or this kernel has no UDP segmentation offload)';
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || host.startsWith('127.');
}

/** IPv6 addresses stand in brackets; "everywhere" is no address to open, so it becomes localhost. */
function urlHost(host: string): string {
  if (host === '0.0.0.0' || host === '::' || isLoopback(host)) return 'localhost';
  return host.includes(':') ? `[${host}]` : host;
}

/** Ports as a firewall wants them: `44400-44403`, or one by one when they are not in a row. */
function ports(list: readonly number[]): string {
  const first = list[0] ?? 0;
  const inRow = list.every((port, index) => port === first + index);
  if (!inRow) return list.join(', ');
  return list.length === 1 ? `${first}` : `${first}-${first + list.length - 1}`;
}
