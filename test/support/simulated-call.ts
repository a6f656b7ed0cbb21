import { CallError, type Clock, type MemberId } from '../../src/base/index.ts';
import { type Admission, callSecretAdmission, createSignatureKeyPair } from '../../src/crypto/index.ts';
import type { Decision } from '../../src/signaling/mls/decision.ts';
import { MlsDelivery } from '../../src/signaling/mls/delivery.ts';
import type { SentClientMessage } from '../../src/wire/index.ts';
import {
  credentialOf,
  LiveMember,
  ROOM,
  SilentMember,
  type Simulated,
  type SimulatedPlace,
  type Switched,
} from './simulated-member.ts';

interface Told {
  readonly atMs: number;
  readonly action: () => void | Promise<void>;
}

/**
 * Many devices in one call on one machine, as if each were alone on its own. Real: the delivery service, and of the
 * live members everything about keys. Simulated: time. A device's work takes as long as the CPU time that the same work
 * took here, a way through the network takes `networkMs`, and the server takes none. Silent members have real leaves,
 * process nothing, and say that they reached an epoch when a live one would have. Check-ins are left out.
 */
export class SimulatedCall implements SimulatedPlace {
  readonly switched: Switched[] = [];
  /** Of commits that were accepted, and of turns that were let pass. */
  commits = 0;
  timeouts = 0;
  nowMs = 0;
  /** When the last member said that it is in the present epoch, on the server's clock. */
  convergedAtMs = 0;
  readonly clock: Clock = {
    nowMs: () => this.nowMs,
    after: (delayMs, action) => this.at(this.nowMs + delayMs, action),
  };
  readonly costs = { join: [] as number[], process: [] as number[] };
  readonly #networkMs: number;
  readonly #admission: Admission;
  readonly #delivery = new MlsDelivery();
  readonly #members = new Map<MemberId, Simulated>();
  #queue: Told[] = [];
  #born = 0;

  private constructor(networkMs: number, admission: Admission) {
    this.#networkMs = networkMs;
    this.#admission = admission;
  }

  static async open(networkMs: number): Promise<SimulatedCall> {
    const secret = crypto.getRandomValues(new Uint8Array(16));
    return new SimulatedCall(networkMs, await callSecretAdmission({ secret, roomId: ROOM, lobby: false }));
  }

  /** A device that offers its key package now, and does all that members do. */
  async joinLive(): Promise<LiveMember> {
    return this.#enter(new LiveMember(this.#nextId(), await createSignatureKeyPair(), this.#admission, this));
  }

  /** A device that offers its key package now, and then only says that it reached each epoch. */
  async joinSilent(): Promise<SilentMember> {
    return this.#enter(
      await SilentMember.create(this.#nextId(), await createSignatureKeyPair(), this.#admission, this),
    );
  }

  /** The server learns now that the member is gone. */
  leave(id: MemberId): void {
    this.#members.delete(id);
    this.serve(() => this.#delivery.leave(id, this.nowMs));
  }

  /** The answer cancels it. */
  at(atMs: number, action: Told['action']): () => void {
    const told = { atMs, action };
    const before = this.#queue.findIndex((each) => each.atMs > atMs);
    this.#queue.splice(before < 0 ? this.#queue.length : before, 0, told);
    return () => {
      this.#queue = this.#queue.filter((each) => each !== told);
    };
  }

  /** Until nothing is left to happen before then. */
  async run(untilMs: number): Promise<void> {
    for (let next = this.#queue[0]; next && next.atMs <= untilMs; next = this.#queue[0]) {
      this.#queue.shift();
      this.nowMs = Math.max(this.nowMs, next.atMs);
      await next.action();
    }
    this.nowMs = untilMs;
  }

  send(id: MemberId, sinceMs: number, body: SentClientMessage, answered?: (error?: CallError) => void | Promise<void>) {
    this.at(sinceMs + this.#networkMs, () => {
      const refusal = this.serve(() => this.#event(id, body));
      if (answered) this.at(this.nowMs + this.#networkMs, () => answered(refusal));
    });
  }

  serve(event: () => readonly Decision[]): CallError | undefined {
    try {
      for (const decision of event()) this.#carryOut(decision);
    } catch (error) {
      if (!(error instanceof CallError)) throw error;
      return error;
    }
    const { deadlineMs } = this.#delivery;
    if (deadlineMs !== undefined)
      this.at(deadlineMs, () => {
        if ((this.#delivery.deadlineMs ?? Infinity) <= this.nowMs) this.serve(() => this.#delivery.tick(this.nowMs));
      });
    return undefined;
  }

  #nextId(): MemberId {
    this.#born += 1;
    return `member-${this.#born}` as MemberId;
  }

  #enter<Member extends Simulated>(member: Member): Member {
    this.#members.set(member.id, member);
    member.join();
    return member;
  }

  #event(id: MemberId, body: SentClientMessage): readonly Decision[] {
    const { nowMs } = this;
    switch (body.case) {
      case 'offerKeyPackage': {
        const keyPackage = new Uint8Array(body.value.keyPackage);
        return this.#delivery.offer({ member: credentialOf(id), keyPackage }, nowMs);
      }
      case 'commit':
        return this.#delivery.commit(id, body.value as Parameters<MlsDelivery['commit']>[1], nowMs);
      case 'epochReached':
        return this.#delivery.epochReached(id, body.value.epoch, nowMs);
      case 'commitRejected':
        return this.#delivery.commitRejected(id, body.value.epoch, nowMs);
      default:
        throw new Error(`not simulated: ${body.case}`);
    }
  }

  #carryOut(decision: Decision): void {
    if (decision.kind === 'accepted') this.commits += 1;
    if (decision.kind === 'timed-out') this.timeouts += 1;
    if (decision.kind === 'ready') this.convergedAtMs = this.nowMs;
    if (decision.kind !== 'told') return;
    const { to, fact } = decision;
    for (const id of to) this.at(this.nowMs + this.#networkMs, () => this.#members.get(id)?.told(fact));
  }
}
