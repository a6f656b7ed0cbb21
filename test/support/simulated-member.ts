import type { CallError, Clock, DeviceId, MemberId, RoomId, UserId } from '../../src/base/index.ts';
import { FrameKeys, type StreamSealer } from '../../src/client/e2ee/frame-keys.ts';
import type { Epoch } from '../../src/client/e2ee/group-listener.ts';
import { GroupMember } from '../../src/client/e2ee/group-member.ts';
import type { MlsFact } from '../../src/client/e2ee/mls-fact.ts';
import {
  type Admission,
  decodeHeader,
  PendingMember,
  parseKeyId,
  type SignatureKeyPair,
} from '../../src/crypto/index.ts';
import type { SentClientMessage } from '../../src/wire/index.ts';

export const ROOM = 'simulated' as RoomId;

/** Before a live member has shown what it takes. */
const FIRST_GUESS_MS = 50;

/** How many of the last costs of live members the silent ones take as theirs. */
const COSTS_KEPT = 12;

const FRAME_BYTES = 200;

/** When a live sender began to seal under the key of an epoch. */
export interface Switched {
  readonly memberId: MemberId;
  readonly epoch: number;
  readonly removed: boolean;
  readonly atMs: number;
}

/** What devices see of the call that they are in. */
export interface SimulatedPlace {
  readonly nowMs: number;
  readonly clock: Clock;
  readonly switched: Switched[];
  /** CPU time that live members lately took, for a welcome and for a commit. */
  readonly costs: { join: number[]; process: number[] };
  at(atMs: number, action: () => void | Promise<void>): () => void;
  /** On its way to the server from `sinceMs` on; the answer comes back to `answered`. */
  send(
    id: MemberId,
    sinceMs: number,
    body: SentClientMessage,
    answered?: (error?: CallError) => void | Promise<void>,
  ): void;
}

/** One device. */
export interface Simulated {
  readonly id: MemberId;
  join(): void;
  told(fact: MlsFact): void | Promise<void>;
}

/** Runs one job at a time; whatever is said while it runs is said as long after its start as it took CPU time. */
export class LiveMember implements Simulated {
  readonly #call: SimulatedPlace;
  readonly #member: GroupMember;
  readonly #keys: FrameKeys;
  readonly #sealer: StreamSealer;
  readonly #inbox: (() => Promise<unknown>)[] = [];
  #running: Promise<unknown> | undefined;
  #startedCpuMs = 0;
  #asks: () => void = () => undefined;

  constructor(
    readonly id: MemberId,
    signatureKeys: SignatureKeyPair,
    admission: Admission,
    call: SimulatedPlace,
  ) {
    this.#call = call;
    this.#keys = new FrameKeys(call.clock);
    this.#sealer = this.#keys.sealer('microphone', 'opus');
    this.#member = new GroupMember(
      { ...credentialOf(id), memberId: id, roomId: ROOM, signatureKeys, name: id },
      {
        admission,
        lobby: false,
        clock: call.clock,
        port: {
          request: (body) => this.#ask(body),
          intend: (body) => call.send(id, this.#nowMs, body),
        },
        listener: {
          standing: () => undefined,
          epoch: (epoch) => this.#epoch(epoch),
          ready: (epoch) => this.#keys.ready(BigInt(epoch)),
          message: () => undefined,
          unopened: () => undefined,
          knocking: () => undefined,
          removed: () => undefined,
        },
      },
    );
  }

  join(): void {
    this.#give(() => this.#member.offer());
  }

  refresh(): void {
    this.#give(() => this.#member.refresh());
  }

  told(fact: MlsFact): Promise<void> {
    this.#inbox.push(async () => {
      await this.#member.told(fact);
      const kind = fact.case === 'welcomed' ? 'join' : fact.case === 'commitAccepted' ? 'process' : undefined;
      if (kind) this.#call.costs[kind] = [...this.#call.costs[kind], this.#tookMs].slice(-COSTS_KEPT);
    });
    return this.#work();
  }

  #give(job: () => Promise<unknown>): void {
    this.#inbox.push(job);
    this.#call.at(this.#call.nowMs, () => this.#work());
  }

  async #work(): Promise<void> {
    const job = this.#running ? undefined : this.#inbox.shift();
    if (!job) return;
    this.#startedCpuMs = cpuMs();
    this.#running = job();
    await this.#drive(this.#running);
  }

  /** Until the job ends or waits for the server. */
  async #drive(running: Promise<unknown>): Promise<void> {
    const asks = new Promise<'asks'>((resolve) => {
      this.#asks = () => resolve('asks');
    });
    const outcome = await Promise.race([running.then(() => 'ended' as const), asks]);
    if (outcome === 'asks') return;
    this.#call.at(this.#nowMs, async () => {
      this.#running = undefined;
      await this.#work();
    });
  }

  #ask(body: SentClientMessage): Promise<void> {
    const asked = new Promise<void>((resolve, reject) => {
      this.#call.send(this.id, this.#nowMs, body, async (error) => {
        this.#startedCpuMs = cpuMs();
        if (error) reject(error);
        else resolve();
        if (this.#running) await this.#drive(this.#running);
      });
    });
    this.#asks();
    return asked;
  }

  async #epoch({ epoch, group, removed, entered }: Epoch): Promise<void> {
    await this.#keys.epochBegan({ epoch: BigInt(epoch), group, removed, entered });
    if (!removed) return;
    const outcome = await this.#sealer.seal(new ArrayBuffer(FRAME_BYTES));
    const header = outcome.kind === 'sealed' ? decodeHeader(new Uint8Array(outcome.bytes), 0) : undefined;
    if (!header || parseKeyId(header.keyId)?.slot !== epoch % 16) throw new Error('still sealed under the old key');
    this.#call.switched.push({ memberId: this.id, epoch, removed, atMs: this.#nowMs });
  }

  get #tookMs(): number {
    return cpuMs() - this.#startedCpuMs;
  }

  /** On this device, in the middle of its work. */
  get #nowMs(): number {
    return this.#call.nowMs + this.#tookMs;
  }
}

/** A real leaf without anybody behind it. */
export class SilentMember implements Simulated {
  #busyUntilMs = 0;

  private constructor(
    readonly id: MemberId,
    private readonly pending: PendingMember,
    private readonly call: SimulatedPlace,
  ) {}

  static async create(id: MemberId, signatureKeys: SignatureKeyPair, admission: Admission, call: SimulatedPlace) {
    const credential = credentialOf(id);
    const pending = await PendingMember.create({ roomId: ROOM, credential, signatureKeys, admission, name: id });
    return new SilentMember(id, pending, call);
  }

  join(): void {
    const keyPackage = new Uint8Array(this.pending.keyPackage);
    this.call.send(this.id, this.call.nowMs, { case: 'offerKeyPackage', value: { keyPackage } });
  }

  told(fact: MlsFact): void {
    const { costs, nowMs } = this.call;
    if (fact.case === 'commitWanted') throw new Error('a silent member is to commit');
    if (fact.case === 'welcomed') this.#reach(fact.value.epoch, mean(costs.join), nowMs);
    if (fact.case === 'commitAccepted') this.#reach(fact.value.epoch + 1, mean(costs.process), nowMs);
  }

  #reach(epoch: number, costMs: number, nowMs: number): void {
    this.#busyUntilMs = Math.max(nowMs, this.#busyUntilMs) + costMs;
    this.call.send(this.id, this.#busyUntilMs, { case: 'epochReached', value: { epoch } });
  }
}

export function credentialOf(memberId: MemberId) {
  return { memberId, userId: `user of ${memberId}` as UserId, deviceId: `device of ${memberId}` as DeviceId };
}

function mean(costs: readonly number[]): number {
  return costs.length === 0 ? FIRST_GUESS_MS : costs.reduce((sum, cost) => sum + cost, 0) / costs.length;
}

function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}
