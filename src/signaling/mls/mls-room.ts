import { type Clock, type Log, type MemberId, Scope } from '../../base/index.ts';
import type { Metrics } from '../../ops/index.ts';
import type { Decision, MlsFact } from './decision.ts';
import { MlsDelivery } from './delivery.ts';

export interface MlsRoomOptions {
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: Pick<Metrics, 'mlsCommits' | 'mlsCommitTimeouts' | 'mlsCommitsVoided' | 'mlsEpochSeconds'>;
}

export type TellMember = (fact: MlsFact) => void;

/** Carries out what the delivery service of one room decides: tells, counts, and wakes it in time. */
export class MlsRoom {
  readonly #options: MlsRoomOptions;
  readonly #delivery = new MlsDelivery();
  readonly #tells = new Map<MemberId, TellMember>();
  #alarm = new Scope();

  constructor(options: MlsRoomOptions) {
    this.#options = options;
  }

  get isEmpty(): boolean {
    return this.#tells.size === 0;
  }

  /** Has the keys of the room, as far as the server can know. */
  isMember(memberId: MemberId): boolean {
    return this.#delivery.isMember(memberId);
  }

  enter(memberId: MemberId, tell: TellMember): void {
    this.#tells.set(memberId, tell);
  }

  /** Its socket is gone. */
  away(memberId: MemberId): void {
    this.carryOut((delivery, nowMs) => delivery.away(memberId, nowMs));
  }

  /** It has a socket again. */
  back(memberId: MemberId): void {
    this.carryOut((delivery, nowMs) => delivery.back(memberId, nowMs));
  }

  leave(memberId: MemberId): void {
    if (this.#tells.delete(memberId)) this.carryOut((delivery, nowMs) => delivery.leave(memberId, nowMs));
  }

  /** @throws CallError what the delivery service throws; nothing has changed then */
  carryOut(event: (delivery: MlsDelivery, nowMs: number) => readonly Decision[]): void {
    const { clock } = this.#options;
    const decisions = event(this.#delivery, clock.nowMs());
    this.#alarm.close();
    this.#alarm = new Scope();
    const { deadlineMs } = this.#delivery;
    if (deadlineMs !== undefined && !this.isEmpty) {
      const delayMs = Math.max(0, deadlineMs - clock.nowMs());
      this.#alarm.add(clock.after(delayMs, () => this.carryOut((delivery, nowMs) => delivery.tick(nowMs))));
    }
    for (const decision of decisions) this.#carryOut(decision);
  }

  #carryOut(decision: Decision): void {
    if (decision.kind === 'told') for (const id of decision.to) this.#tells.get(id)?.(decision.fact);
    else this.#count(decision);
  }

  #count(decision: Exclude<Decision, { kind: 'told' }>): void {
    const { log, metrics } = this.#options;
    const count = {
      founded: () => log.info('group founded'),
      accepted: () => metrics.mlsCommits.inc(),
      voided() {
        metrics.mlsCommitsVoided.inc();
        log.warn('commit voided');
      },
      'timed-out': () => metrics.mlsCommitTimeouts.inc(),
      ready: () => decision.kind === 'ready' && metrics.mlsEpochSeconds.observe(decision.tookMs / 1000),
    };
    count[decision.kind]();
  }
}
