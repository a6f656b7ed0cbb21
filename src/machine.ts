import { availableParallelism, type NetworkInterfaceInfo, networkInterfaces } from 'node:os';

/** What the machine is, for the defaults. */
export interface Machine {
  readonly cpus: number;
  /** Its first address that is not loopback; `undefined` when it is on no network. */
  readonly lanIp: string | undefined;
}

export function thisMachine(): Machine {
  return { cpus: availableParallelism(), lanIp: firstLanIp(networkInterfaces()) };
}

/** IPv4: what every browser on the same network can reach. */
export function firstLanIp(interfaces: NodeJS.Dict<readonly NetworkInterfaceInfo[]>): string | undefined {
  const addresses = Object.values(interfaces).flatMap((each) => each ?? []);
  return addresses.find(({ family, internal }) => family === 'IPv4' && !internal)?.address;
}
