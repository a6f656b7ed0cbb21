import { CallError, type DeviceId, type MemberId, type UserId } from '../../../src/base/index.ts';
import type { Decision } from '../../../src/signaling/mls/decision.ts';
import { MlsDelivery } from '../../../src/signaling/mls/delivery.ts';
import { ModelClient, type Temper, type Upward } from './model-client.ts';

/** The delivery service among model clients, on a clock and nets that the test moves. */
export class ModelRoom {
  readonly delivery = new MlsDelivery();
  readonly clients = new Map<MemberId, ModelClient>();
  readonly faults: string[] = [];
  /** Epochs in which a commit was accepted and stands. */
  readonly accepted: number[] = [];
  nowMs = 1_000;
  commits = 0;
  timeouts = 0;
  voids = 0;
  #born = 0;

  add(temper: Temper): ModelClient {
    this.#born += 1;
    const client = new ModelClient(`m${this.#born}` as MemberId, temper);
    this.clients.set(client.id, client);
    client.join();
    return client;
  }

  leave(client: ModelClient): void {
    this.clients.delete(client.id);
    this.#carryOut(() => this.delivery.leave(client.id, this.nowMs));
  }

  away(client: ModelClient): void {
    client.isAway = true;
    this.#carryOut(() => this.delivery.away(client.id, this.nowMs));
  }

  back(client: ModelClient): void {
    client.isAway = false;
    this.#carryOut(() => this.delivery.back(client.id, this.nowMs));
  }

  /** One thing that a client said arrives. */
  lift(client: ModelClient): void {
    const said = client.isAway ? undefined : client.up.shift();
    if (!said) return;
    const refusal = this.#carryOut(() => this.#event(client.id, said));
    if (said.kind === 'offer' || said.kind === 'commit') client.answered(said, refusal);
  }

  advance(byMs: number): void {
    const untilMs = this.nowMs + byMs;
    for (let ticks = 0; ; ticks += 1) {
      const { deadlineMs } = this.delivery;
      if (deadlineMs === undefined || deadlineMs > untilMs) break;
      if (ticks > 10_000) throw new Error('ticks for ever');
      this.nowMs = deadlineMs;
      this.#carryOut(() => this.delivery.tick(this.nowMs));
    }
    this.nowMs = untilMs;
  }

  /** Everything said and told arrives, again and again, until nothing is on its way. */
  flow(): void {
    for (let turn = 0; turn < 10_000; turn += 1) {
      const busy = [...this.clients.values()].filter(
        ({ up, down, isBlocked, isAway }) => !isAway && up.length + (isBlocked ? 0 : down.length) > 0,
      );
      if (busy.length === 0) return;
      for (const client of busy) {
        if (client.up.length > 0) this.lift(client);
        else client.follow();
      }
    }
    throw new Error('flows for ever');
  }

  #event(id: MemberId, said: Upward): readonly Decision[] {
    const { delivery, nowMs } = this;
    const member = { memberId: id, userId: 'user' as UserId, deviceId: 'device' as DeviceId };
    switch (said.kind) {
      case 'offer':
        return delivery.offer({ member, keyPackage: said.keyPackage }, nowMs);
      case 'commit':
        return delivery.commit(id, said.request, nowMs);
      case 'reached':
        return delivery.epochReached(id, said.epoch, nowMs);
      case 'rejected':
        return delivery.commitRejected(id, said.epoch, nowMs);
      case 'sealed':
        return delivery.sealed(id, said.message);
    }
  }

  #carryOut(event: () => readonly Decision[]): string | undefined {
    try {
      for (const decision of event()) this.#follow(decision);
    } catch (error) {
      if (!(error instanceof CallError)) throw error;
      return error.code;
    } finally {
      const { deadlineMs } = this.delivery;
      if (deadlineMs !== undefined && deadlineMs <= this.nowMs) this.faults.push('a deadline that has passed');
    }
    return undefined;
  }

  #follow(decision: Decision): void {
    if (decision.kind === 'founded') this.accepted.length = 0;
    if (decision.kind === 'accepted') {
      this.accepted.push(this.accepted.length);
      this.commits += 1;
    }
    if (decision.kind === 'voided') {
      this.accepted.pop();
      this.voids += 1;
    }
    if (decision.kind === 'timed-out') this.timeouts += 1;
    if (decision.kind !== 'told') return;
    const { to, fact } = decision;
    if (new Set(to).size !== to.length) this.faults.push(`${fact.case} told twice`);
    if (fact.case === 'commitAccepted' && fact.value.epoch !== this.accepted.at(-1))
      this.faults.push('two commits in an epoch');
    for (const id of to) {
      const client = this.clients.get(id);
      if (client?.isAway && fact.case === 'commitWanted') this.faults.push('somebody asked who is away');
      if (client) client.down.push(fact);
      else this.faults.push(`${fact.case} told to who left`);
    }
  }
}
