import type { MemberId } from '../../../src/base/index.ts';
import type { FactValue, MlsFact } from '../../../src/client/e2ee/mls-fact.ts';
import type { WireMember } from '../../../src/wire/index.ts';
import { RawMember } from '../../crypto/mls/raw-member.ts';
import type { Delivery, Seat } from './delivery.ts';

/** A member with all its keys and no manners: follows as everybody does, and commits what the test says. */
export class Insider implements Seat {
  readonly #delivery: Delivery;
  #done: Promise<void> = Promise.resolve();
  /** Answers CommitWanted; nothing when absent. */
  wanted: ((value: FactValue<'commitWanted'>) => Promise<void>) | undefined;

  private constructor(
    readonly raw: RawMember,
    delivery: Delivery,
  ) {
    this.#delivery = delivery;
  }

  static async join(delivery: Delivery, raw?: RawMember): Promise<Insider> {
    const insider = new Insider(raw ?? (await RawMember.create('insider')), delivery);
    delivery.enter(insider);
    const keyPackage = new Uint8Array(insider.raw.candidate.keyPackage);
    await delivery.hear(insider, { case: 'offerKeyPackage', value: { keyPackage } });
    await delivery.advance(200);
    return insider;
  }

  get member(): WireMember {
    return this.raw.settings.credential;
  }

  get id(): MemberId {
    return this.member.memberId;
  }

  get epoch(): number {
    return Number(this.raw.library.groupContext.epoch);
  }

  /** Sends a commit as if it were a refresh: the server cannot see what is in it. */
  async commit(commit: Uint8Array): Promise<void> {
    const empty = { addedMemberIds: [], removedMemberIds: [], refusedAdds: [] };
    const value = { epoch: this.epoch, commit: new Uint8Array(commit), ...empty };
    await this.#delivery.hear(this, { case: 'commit', value });
  }

  told(fact: MlsFact): Promise<void> {
    this.#done = this.#done.then(() => this.#follow(fact));
    return this.#done;
  }

  async idle(): Promise<void> {
    await this.#done;
  }

  async #follow(fact: MlsFact): Promise<void> {
    if (fact.case === 'commitWanted') await this.wanted?.(fact.value);
    if (fact.case === 'welcomed') {
      await this.raw.join(fact.value.welcome);
      await this.#delivery.hear(this, { case: 'epochReached', value: { epoch: fact.value.epoch } });
    }
    if (fact.case !== 'commitAccepted') return;
    const { committerId: committer, added, removedMemberIds: removed, commit, epoch } = fact.value;
    const outcome = await this.raw.process(commit, { committer, added, removed });
    if (outcome.kind === 'applied')
      await this.#delivery.hear(this, { case: 'epochReached', value: { epoch: epoch + 1 } });
  }
}
