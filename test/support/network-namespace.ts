import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** Of RFC 2544, for tests between networks: nobody's addresses. */
const NET = '198.18';

/** A network of its own with one cable to this machine: what a device that changes its address lives in. As root, on Linux. */
export class NetworkNamespace {
  /** Of this machine on the cable: where servers listen. */
  readonly hostAddress: string;
  readonly #subnet: number;
  readonly #cable = `conclave${process.pid}`;
  readonly #closeAtExit = () => this.close();
  #hostPart = 1;

  private constructor(
    readonly name: string,
    subnet: number,
  ) {
    this.#subnet = subnet;
    this.hostAddress = this.#addressOf(1);
  }

  /** Whether this machine lets one be made; if not, why. */
  static missing(): string | undefined {
    try {
      NetworkNamespace.open().close();
      return undefined;
    } catch (error) {
      return String(error).split('\n', 2).join(' ');
    }
  }

  /** @throws where it is not allowed to. Nothing is left behind then. */
  static open(): NetworkNamespace {
    const subnet = process.pid % 256;
    const namespace = new NetworkNamespace(`conclave-${process.pid}`, subnet);
    const { name, hostAddress } = namespace;
    const [outside, inside] = [namespace.#cable, 'wire0'];
    ip('netns', 'add', name);
    process.once('exit', namespace.#closeAtExit);
    try {
      ip('link', 'add', outside, 'type', 'veth', 'peer', 'name', inside, 'netns', name);
      ip('addr', 'add', `${hostAddress}/24`, 'dev', outside);
      ip('link', 'set', outside, 'up');
      namespace.#ip('link', 'set', 'lo', 'up');
      namespace.#ip('link', 'set', inside, 'up');
      // Otherwise the first address takes the second with it when it goes.
      ip('netns', 'exec', name, 'sysctl', '-qw', 'net.ipv4.conf.all.promote_secondaries=1');
      ip('netns', 'exec', name, 'sysctl', '-qw', `net.ipv4.conf.${inside}.promote_secondaries=1`);
      namespace.changeAddress();
      return namespace;
    } catch (error) {
      namespace.close();
      throw error;
    }
  }

  /** A program and its arguments that runs `file` in here. */
  command(file: string): readonly [string, ...string[]] {
    return ['/usr/sbin/ip', 'netns', 'exec', this.name, file];
  }

  /** Of the device in here: where programs in here are reached. */
  get address(): string {
    return this.#addressOf(this.#hostPart);
  }

  /** From now on this machine's end of the cable carries so many bytes at most: longer datagrams to in here go in fragments. */
  narrow(mtuBytes: number): void {
    ip('link', 'set', this.#cable, 'mtu', String(mtuBytes));
  }

  /** What this machine has handed to the cable so far: datagrams that left together count once, fragments each. */
  get framesIn(): number {
    return Number(readFileSync(`/sys/class/net/${this.#cable}/statistics/tx_packets`, 'utf8'));
  }

  /** The device has another address from now on, and what comes for the one before finds nobody. */
  changeAddress(): void {
    const before = this.#hostPart;
    this.#hostPart = before + 1;
    this.#ip('addr', 'add', `${this.#addressOf(this.#hostPart)}/24`, 'dev', 'wire0');
    if (before > 1) this.#ip('addr', 'del', `${this.#addressOf(before)}/24`, 'dev', 'wire0');
  }

  close(): void {
    process.off('exit', this.#closeAtExit);
    try {
      ip('link', 'del', this.#cable); // by itself it would go only after the last program in here
    } catch {
      // it was not there yet
    }
    ip('netns', 'del', this.name);
  }

  #addressOf(hostPart: number): string {
    return `${NET}.${this.#subnet}.${hostPart}`;
  }

  #ip(...args: readonly string[]): void {
    ip('-n', this.name, ...args);
  }
}

function ip(...args: readonly string[]): void {
  execFileSync('ip', args, { stdio: ['ignore', 'ignore', 'pipe'] });
}
