import type { MemberId } from '../../../src/base/index.ts';
import type { MlsFact } from '../../../src/signaling/mls/decision.ts';
import type { WireCommit } from '../../../src/wire/index.ts';

/** What stands for MLS here: a commit names the tree that it was made in and the one that it makes. */
export interface ModelTree {
  readonly id: string;
  readonly members: readonly MemberId[];
}

interface ModelCommit {
  readonly parent: string;
  readonly next: ModelTree;
  readonly isBad: boolean;
}

const encode = (value: unknown) => new Uint8Array(Buffer.from(JSON.stringify(value)));
const decode = (bytes: Uint8Array) => JSON.parse(Buffer.from(bytes).toString());

export type Upward =
  | { readonly kind: 'offer'; readonly keyPackage: Uint8Array<ArrayBuffer> }
  | { readonly kind: 'commit'; readonly request: WireCommit; readonly next: ModelTree | undefined }
  | { readonly kind: 'reached' | 'rejected'; readonly epoch: number }
  | { readonly kind: 'sealed'; readonly message: Uint8Array<ArrayBuffer> };

/** `silent` never commits, `liar` commits what nobody can apply, `denier` rejects every commit, `prude` adds nobody. */
export type Temper = 'honest' | 'silent' | 'liar' | 'denier' | 'prude';

type State =
  | { readonly kind: 'outside' | 'asking' }
  | { readonly kind: 'in' | 'rejecting'; readonly epoch: number; readonly tree: ModelTree };

let trees = 0;

/** A client of the protocol, with nets of its own: what it says waits in `up`, what it is told waits in `down`. */
export class ModelClient {
  readonly up: Upward[] = [];
  readonly down: MlsFact[] = [];
  /** Of commits that it processed, and epochs that it entered: in order, without gaps while it is in. */
  readonly faults: string[] = [];
  readonly ready: number[] = [];
  temper: Temper;
  state: State = { kind: 'outside' };
  /** Without a socket: nothing that it says arrives, and nothing that it is told. */
  isAway = false;
  #offers = 0;
  #awaiting: 'offer' | 'commit' | undefined;

  constructor(
    readonly id: MemberId,
    temper: Temper,
  ) {
    this.temper = temper;
  }

  /** Facts wait while a request is not answered. */
  get isBlocked(): boolean {
    return this.#awaiting !== undefined;
  }

  join(): void {
    if (this.state.kind === 'outside' && !this.isBlocked) this.#offer();
  }

  /** New keys, unasked. */
  refresh(): void {
    if (this.state.kind === 'in' && !this.isBlocked) this.#commit([], [], []);
  }

  say(): void {
    if (this.state.kind === 'in') this.up.push({ kind: 'sealed', message: encode(this.state.tree.id) });
  }

  answered(request: Upward, refusal: string | undefined): void {
    this.#awaiting = undefined;
    if (request.kind !== 'commit' || refusal) {
      if (refusal && refusal !== 'stale-epoch' && refusal !== 'out-of-order') this.faults.push(`refused: ${refusal}`);
      return;
    }
    if (request.next) this.#reach(request.request.epoch + 1, request.next);
  }

  follow(): void {
    const fact = this.isBlocked || this.isAway ? undefined : this.down.shift();
    if (fact) this.#told(fact);
  }

  #told(fact: MlsFact): void {
    if (fact.case === 'groupWanted' && this.state.kind === 'asking')
      this.#reach(0, { id: `founded ${trees++}`, members: [this.id] });
    if (fact.case === 'welcomed') this.#welcomed(fact.value.epoch, decode(fact.value.welcome));
    if (fact.case === 'keyPackageWanted') this.#offer();
    if (fact.case === 'commitWanted') this.#commitWanted(fact.value);
    if (fact.case === 'commitAccepted') this.#process(fact.value);
    if (fact.case === 'commitVoided') this.#voided(fact.value.epoch);
    if (fact.case === 'admissionRefused') this.state = { kind: 'outside' };
    if (fact.case === 'epochReady') this.ready.push(fact.value.epoch);
  }

  #voided(epoch: number): void {
    if (this.state.kind === 'rejecting' && this.state.epoch === epoch) this.state = { ...this.state, kind: 'in' };
    else if (this.state.kind === 'in' && this.state.epoch > epoch) this.#offer();
  }

  #commitWanted({ epoch, adds, removedMemberIds }: Extract<MlsFact, { case: 'commitWanted' }>['value']): void {
    if (this.temper === 'silent' || this.state.kind !== 'in' || this.state.epoch !== epoch) return;
    const ids = adds.map(({ member }) => member.memberId);
    const offers = adds.map(({ keyPackage }) => decode(keyPackage));
    if (this.temper === 'prude') this.#commit([], removedMemberIds, [], ids);
    else this.#commit(ids, removedMemberIds, offers);
  }

  #offer(): void {
    this.#offers += 1;
    this.state = { kind: 'asking' };
    this.#send({ kind: 'offer', keyPackage: encode(this.#offers) });
  }

  #welcomed(epoch: number, { tree, offers }: { tree: ModelTree; offers: Record<string, number> }): void {
    if (this.state.kind !== 'asking') return;
    if (offers[this.id] !== this.#offers) this.faults.push('welcomed by an old key package');
    this.#reach(epoch, tree);
  }

  #commit(
    adds: readonly MemberId[],
    removes: readonly MemberId[],
    offers: readonly number[],
    refused: readonly MemberId[] = [],
  ): void {
    if (this.state.kind !== 'in') return;
    const { epoch, tree } = this.state;
    for (const id of removes) if (!tree.members.includes(id)) this.faults.push('asked to remove who is not there');
    const stay = tree.members.filter((id) => !removes.includes(id));
    for (const id of adds) if (stay.includes(id)) this.faults.push('asked to add who is there');
    const next = { id: `tree ${trees++}`, members: [...stay, ...adds] };
    const isBad = this.temper === 'liar';
    const isEmpty = refused.length > 0 && adds.length + removes.length === 0;
    const welcome = { tree: next, offers: Object.fromEntries(adds.map((id, at) => [id, offers[at]])) };
    const request: WireCommit = {
      epoch,
      commit: isEmpty ? new Uint8Array() : encode({ parent: tree.id, next, isBad } satisfies ModelCommit),
      ...(adds.length > 0 && { welcome: encode(welcome) }),
      addedMemberIds: [...adds],
      refusedAdds: refused.map((memberId) => ({ memberId, reason: 'invalid' })),
      removedMemberIds: [...removes],
    };
    this.#send({ kind: 'commit', request, next: isEmpty ? undefined : next });
  }

  #process({ epoch, commit, added, removedMemberIds }: Extract<MlsFact, { case: 'commitAccepted' }>['value']): void {
    if (this.state.kind !== 'in') return; // rejecting or asking: it hears how it ends
    const { parent, next, isBad }: ModelCommit = decode(commit);
    if (epoch !== this.state.epoch) {
      if (epoch > this.state.epoch) this.faults.push(`epoch ${epoch} after ${this.state.epoch}`);
      return;
    }
    if (isBad || this.temper === 'denier' || parent !== this.state.tree.id) {
      if (!isBad && this.temper !== 'denier') this.faults.push('a commit for another tree');
      this.state = { ...this.state, kind: 'rejecting' };
      this.up.push({ kind: 'rejected', epoch });
      return;
    }
    const stay = this.state.tree.members.filter((id) => !removedMemberIds.includes(id));
    const told = [...stay, ...added.map(({ memberId }) => memberId)];
    if (told.join() !== next.members.join()) this.faults.push('a commit that does not do what was told');
    this.#reach(epoch + 1, next);
  }

  #reach(epoch: number, tree: ModelTree): void {
    this.state = { kind: 'in', epoch, tree };
    this.up.push({ kind: 'reached', epoch });
  }

  #send(request: Extract<Upward, { kind: 'offer' | 'commit' }>): void {
    this.#awaiting = request.kind;
    this.up.push(request);
  }
}
