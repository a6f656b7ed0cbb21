import { CallError, type MemberId } from '../../base/index.ts';
import type { AddRefusal, WireCandidate, WireCommit } from '../../wire/index.ts';
import { type Batch, batchOf, checkCommit, isRefresh } from './batch.ts';
import { Candidates, type Doubt } from './candidates.ts';
import { Complaints } from './complaints.ts';
import { type Confirmation, openConfirmation, verdictOn, withRejection } from './confirmation.ts';
import type { Decision, MlsFact } from './decision.ts';
import { deadlineOf, type Group, QUIET, type Standing, wantedOf } from './group.ts';
import { JoinPace } from './join-pace.ts';
import { Leaves } from './leaves.ts';
import { BATCH_WINDOW_MS, FOUNDING_LIMIT_MS } from './timing.ts';
import { nextTurn } from './turns.ts';

const GROUP_WANTED: MlsFact = { case: 'groupWanted', value: {} };
const KEY_PACKAGE_WANTED: MlsFact = { case: 'keyPackageWanted', value: {} };
const ADMISSION_PENDING: MlsFact = { case: 'admissionPending', value: {} };

/**
 * The delivery service of one room (RFC 9420 section 14; RFC 9750 section 5): puts commits in order, one per epoch, and
 * says who makes the next. It opens no byte of MLS. Every call is an event at `nowMs` and answers with what was
 * decided; `tick` is to be called at `deadlineMs`. Requests that are refused change nothing.
 */
export class MlsDelivery {
  readonly #candidates = new Candidates();
  readonly #leaves = new Leaves();
  readonly #complaints = new Complaints();
  readonly #pace = new JoinPace();
  #group: Group = { kind: 'none' };
  #decisions: Decision[] = [];
  #deadlineMs: number | undefined;

  /** When something is to be decided though nothing happens; `undefined`: never. */
  get deadlineMs(): number | undefined {
    return this.#deadlineMs;
  }

  /** Not: who waits to come in, or is on the way out. */
  isMember(memberId: MemberId): boolean {
    return this.#leaves.isMember(memberId);
  }

  /**
   * Who offers while in the group has lost its keys, or could do nothing with its welcome: the next commit removes and
   * adds it.
   */
  offer(offer: WireCandidate, nowMs: number): readonly Decision[] {
    const { memberId } = offer.member;
    if (this.#leaves.isMember(memberId)) this.#goes(memberId, this.#leaves.welcomerOf(memberId), nowMs);
    this.#complaints.came(memberId);
    this.#candidates.offer(offer, nowMs);
    return this.#decide(nowMs);
  }

  /** Its socket is gone. What it is told waits for it; nobody else does. */
  away(memberId: MemberId, nowMs: number): readonly Decision[] {
    this.#leaves.away(memberId);
    return this.#decide(nowMs);
  }

  /** It hears everything again, beginning with what it missed. */
  back(memberId: MemberId, nowMs: number): readonly Decision[] {
    this.#leaves.back(memberId, nowMs);
    return this.#decide(nowMs);
  }

  /** Out of the call: nothing is told to it any more. */
  leave(memberId: MemberId, nowMs: number): readonly Decision[] {
    this.#leaves.forget(memberId);
    this.#candidates.drop(memberId);
    this.#complaints.left(memberId);
    if (this.#leaves.isMember(memberId)) this.#leaves.leave(memberId, nowMs);
    return this.#decide(nowMs);
  }

  /**
   * Accepted when it does not throw.
   * @throws CallError `stale-epoch` when another commit was or will be first, `invalid` when it contradicts itself,
   * `out-of-order` from all but members
   */
  commit(sender: MemberId, request: WireCommit, nowMs: number): readonly Decision[] {
    const group = this.#standingFor(sender);
    const isCurrent = request.epoch === group.epoch && this.#leaves.reachedBy(sender) === group.epoch;
    if (!isCurrent) throw new CallError('stale-epoch', `the epoch is ${group.epoch}`);
    if (isRefresh(request) && !this.#complaints.mayRefresh(sender, nowMs))
      throw new CallError('stale-epoch', 'a commit of yours did not work for somebody: others go first');
    const batch = wantedOf(sender, request, group.commit);
    checkCommit(request, batch);
    for (const { memberId, reason } of request.refusedAdds) this.#refuse(memberId, { by: sender, reason });
    this.#group = { ...group, commit: QUIET };
    if (request.commit.byteLength > 0) this.#accept(sender, request, batch, nowMs);
    return this.#decide(nowMs);
  }

  epochReached(memberId: MemberId, epoch: number, nowMs: number): readonly Decision[] {
    const group = this.#group;
    if (group.kind === 'founding' && group.founder === memberId && epoch === 0) this.#founded(memberId, nowMs);
    else if (group.kind === 'standing' && epoch <= group.epoch) this.#leaves.reach(memberId, epoch, group.epoch, nowMs);
    else if (group.kind === 'standing') this.#lose(memberId, nowMs); // applied a commit that was void by then
    return this.#decide(nowMs);
  }

  /** Counts while the commit is not confirmed; later, who rejects is the one that is out. */
  commitRejected(memberId: MemberId, epoch: number, nowMs: number): readonly Decision[] {
    const group = this.#group;
    if (group.kind !== 'standing' || this.#leaves.reachedBy(memberId) !== epoch || epoch >= group.epoch) return [];
    const { commit } = group;
    if (commit.kind === 'accepted' && commit.confirmation.epoch === epoch) {
      const confirmation = withRejection(commit.confirmation, memberId, nowMs);
      this.#group = { ...group, commit: { kind: 'accepted', confirmation } };
    } else {
      this.#lose(memberId, nowMs, this.#complaints.committerIn(epoch));
    }
    return this.#decide(nowMs);
  }

  /**
   * A person pressed Admit or Refuse. The first to press counts. @throws CallError `out-of-order` from all but members
   */
  admit(by: MemberId, memberId: MemberId, admitted: boolean, nowMs: number): readonly Decision[] {
    this.#standingFor(by);
    if (!this.#candidates.knockOf(memberId)) return [];
    if (admitted) this.#candidates.admit(memberId, nowMs);
    else this.#refused(memberId, 'denied');
    return this.#decide(nowMs);
  }

  /** @throws CallError `out-of-order` from all but members */
  sealed(sender: MemberId, message: Uint8Array<ArrayBuffer>): readonly Decision[] {
    this.#standingFor(sender);
    this.#tell(this.#membersBut(sender), { case: 'sealed', value: { message, senderId: sender } });
    return this.#taken();
  }

  tick(nowMs: number): readonly Decision[] {
    return this.#decide(nowMs);
  }

  #standingFor(member: MemberId): Standing {
    if (this.#group.kind !== 'standing' || this.#leaves.reachedBy(member) === undefined) {
      throw new CallError('out-of-order', 'not in the group');
    }
    return this.#group;
  }

  #founded(founder: MemberId, nowMs: number): void {
    this.#candidates.drop(founder);
    this.#leaves.found(founder);
    this.#group = { kind: 'standing', epoch: 0, epochSinceMs: nowMs, readyEpoch: -1, commit: QUIET };
    this.#decisions.push({ kind: 'founded' });
  }

  #accept(committer: MemberId, request: WireCommit, { adds }: Batch, nowMs: number): void {
    const group = this.#group as Standing;
    const { epoch, commit, welcome, addedMemberIds, removedMemberIds: removed } = request;
    const ids = new Set(addedMemberIds);
    const added = adds.filter(({ member }) => ids.has(member.memberId));
    const others = this.#membersBut(committer);
    const jurors = others.filter((id) => !this.#leaves.isAway(id) && !this.#leaves.isLagging(id, nowMs));
    const value = {
      epoch,
      commit,
      committerId: committer,
      added: added.map(({ member }) => member),
      removedMemberIds: removed,
    };
    this.#decisions.push({ kind: 'accepted' });
    this.#tell(others, { case: 'commitAccepted', value });

    this.#complaints.committed(epoch, committer);
    this.#leaves.drop(removed);
    const newcomers = this.#enter(added, epoch + 1, committer, nowMs);
    if (added.length > 0) this.#pace.added(nowMs);
    if (welcome) this.#tell(newcomers, { case: 'welcomed', value: { epoch: epoch + 1, welcome } });
    for (const knock of this.#candidates.knocks) this.#tell(newcomers, knock);

    this.#leaves.epochChanged(epoch + 1, nowMs);
    const confirmation = openConfirmation({ epoch, committer, added: addedMemberIds, removed, jurors }, nowMs);
    this.#group = { ...group, epoch: epoch + 1, epochSinceMs: nowMs, commit: { kind: 'accepted', confirmation } };
  }

  /**
   * The answer are those who can use the welcome: not who left or offered anew meanwhile, and has a leaf all the same.
   */
  #enter(added: readonly WireCandidate[], epoch: number, welcomer: MemberId, nowMs: number): MemberId[] {
    const newcomers: MemberId[] = [];
    for (const offer of added) {
      const { memberId } = offer.member;
      if (!this.#candidates.stands(offer)) {
        this.#leaves.leave(memberId, nowMs);
        continue;
      }
      const doubter = this.#candidates.doubterOf(memberId);
      if (doubter !== undefined) this.#complaints.complain(doubter, nowMs);
      this.#candidates.drop(memberId);
      this.#leaves.enter(memberId, epoch, welcomer, nowMs);
      newcomers.push(memberId);
    }
    return newcomers;
  }

  #refuse(id: MemberId, doubt: Doubt): void {
    const last = this.#membersBut(doubt.by).length === 0;
    const refused = this.#candidates.refuse(id, doubt, { last });
    if (refused === 'refused') this.#refused(id, doubt.reason);
    const knock = refused === 'knocking' && this.#candidates.knockOf(id);
    if (!knock) return;
    this.#tell([id], ADMISSION_PENDING);
    this.#tell(this.#leaves.members, knock);
  }

  #refused(id: MemberId, reason: AddRefusal): void {
    this.#candidates.drop(id);
    this.#tell([id], { case: 'admissionRefused', value: { reason } });
  }

  /**
   * Is told that it is out; the next commit says so to the others. `committer`: whose commit it could not follow. A
   * member that has followed none is where its welcome led it, which may be nowhere: then it is its welcomer's doing.
   */
  #lose(id: MemberId, nowMs: number, committer?: MemberId): void {
    if (!this.#leaves.isMember(id)) return;
    this.#goes(id, this.#leaves.welcomerOf(id) ?? committer, nowMs);
    this.#tell([id], KEY_PACKAGE_WANTED);
  }

  /** The next commit removes this member. `accused`: by whose doing, as it says or seems: others commit before that one. */
  #goes(id: MemberId, accused: MemberId | undefined, nowMs: number): void {
    if (accused !== undefined && accused !== id) this.#complaints.complain(accused, nowMs);
    this.#leaves.leave(id, nowMs);
  }

  /**
   * What follows from the state and the time. Each step may make the next one possible; none makes one before it so.
   */
  #decide(nowMs: number): readonly Decision[] {
    for (const id of this.#leaves.overdue(nowMs)) this.#lose(id, nowMs);
    this.#confirm(nowMs);
    this.#endWithoutMembers(nowMs);
    this.#settleDoubts();
    this.#ask(nowMs);
    this.#tellReady(nowMs);
    this.#found(nowMs);
    this.#deadlineMs = this.#nextDeadlineMs(nowMs);
    return this.#taken();
  }

  #confirm(nowMs: number): void {
    const group = this.#group;
    if (group.kind !== 'standing' || group.commit.kind !== 'accepted') return;
    const { confirmation } = group.commit;
    const verdict = verdictOn(confirmation, this.#leaves, nowMs);
    if (verdict === 'open') return;
    if (verdict === 'void') this.#void(group, confirmation, nowMs);
    else this.#confirmed(group, confirmation, nowMs);
  }

  #confirmed(group: Standing, { epoch, committer, rejecters }: Confirmation, nowMs: number): void {
    this.#group = { ...group, commit: QUIET };
    for (const id of rejecters) if (this.#leaves.reachedBy(id) === epoch) this.#lose(id, nowMs, committer);
  }

  /** Back to the tree of the epoch before: whom the commit added is not in it, whom it removed is. */
  #void(group: Standing, { epoch, committer, added, removed, jurors }: Confirmation, nowMs: number): void {
    const applied = jurors.filter((id) => (this.#leaves.reachedBy(id) ?? 0) > epoch);
    for (const id of [committer, ...added, ...applied]) this.#lose(id, nowMs);
    this.#leaves.drop(added);
    for (const id of removed) this.#leaves.leave(id, nowMs);
    this.#leaves.epochChanged(epoch, nowMs);
    this.#group = { ...group, epoch, epochSinceMs: nowMs, commit: QUIET };
    this.#decisions.push({ kind: 'voided' });
    this.#tell(this.#leaves.members, { case: 'commitVoided', value: { epoch } });
  }

  #endWithoutMembers(nowMs: number): void {
    if (this.#group.kind !== 'standing' || this.#leaves.members.length > 0) return;
    this.#group = { kind: 'none' };
    this.#leaves.clear();
    this.#complaints.clear();
    this.#candidates.restart(nowMs);
  }

  /** When the only member doubts somebody, nobody else will say otherwise. */
  #settleDoubts(): void {
    const [only, other] = this.#leaves.members;
    if (only === undefined || other !== undefined) return;
    for (const [id, doubt] of this.#candidates.doubtedBy(only)) this.#refuse(id, doubt);
  }

  #ask(nowMs: number): void {
    const group = this.#group;
    if (group.kind !== 'standing' || group.commit.kind === 'accepted') return;
    const before = group.commit.kind === 'asked' ? group.commit.turns : undefined;
    const able = this.#leaves.at(group.epoch);
    if (before) {
      const late = nowMs >= before.deadlineMs;
      if (!late && able.includes(before.committer)) return;
      if (late) this.#timedOut(before.committer, nowMs);
    } else if (nowMs < this.#windowEndMs) return;

    const inTurn = this.#complaints.inTurn(able);
    const { leaving } = this.#leaves;
    const turns = nextTurn(before, inTurn, (id) => batchOf(this.#candidates.waitingFor(id), leaving), nowMs);
    this.#group = { ...group, commit: turns ? { kind: 'asked', turns } : QUIET };
    const batch = turns?.asked.get(turns.committer);
    if (!turns || !batch) return;
    const value = { epoch: group.epoch, adds: [...batch.adds], removedMemberIds: [...batch.removes] };
    this.#tell([turns.committer], { case: 'commitWanted', value });
  }

  #timedOut(committer: MemberId, nowMs: number): void {
    this.#complaints.complain(committer, nowMs);
    this.#decisions.push({ kind: 'timed-out' });
  }

  #tellReady(nowMs: number): void {
    const group = this.#group;
    if (group.kind !== 'standing' || group.readyEpoch >= group.epoch) return;
    if (!this.#leaves.isReady(group.epoch)) return;
    this.#group = { ...group, readyEpoch: group.epoch };
    this.#decisions.push({ kind: 'ready', tookMs: nowMs - group.epochSinceMs });
    this.#tell(this.#leaves.members, { case: 'epochReady', value: { epoch: group.epoch } });
  }

  #found(nowMs: number): void {
    const group = this.#group;
    if (group.kind === 'standing') return;
    if (group.kind === 'founding') {
      const isHere = this.#candidates.has(group.founder);
      if (isHere && nowMs < group.deadlineMs) return;
      if (isHere) this.#tell([group.founder], KEY_PACKAGE_WANTED); // should it found one yet, it is alone in it
      this.#candidates.drop(group.founder);
    }
    const founder = this.#candidates.first;
    this.#group = founder ? { kind: 'founding', founder, deadlineMs: nowMs + FOUNDING_LIMIT_MS } : { kind: 'none' };
    if (founder) this.#tell([founder], GROUP_WANTED);
  }

  #nextDeadlineMs(nowMs: number): number | undefined {
    const group = this.#group;
    const windowEndMs = this.#windowEndMs > nowMs ? this.#windowEndMs : Number.POSITIVE_INFINITY;
    const first = Math.min(this.#leaves.deadlineMs, deadlineOf(group, windowEndMs));
    return first === Number.POSITIVE_INFINITY ? undefined : first;
  }

  /** When those who wait for a commit have waited long enough for others to come along. */
  get #windowEndMs(): number {
    const { waitingSinceMs } = this.#candidates;
    const { leavingSinceMs } = this.#leaves;
    return Math.min(
      waitingSinceMs === undefined ? Number.POSITIVE_INFINITY : this.#pace.windowEndMs(waitingSinceMs),
      leavingSinceMs === undefined ? Number.POSITIVE_INFINITY : leavingSinceMs + BATCH_WINDOW_MS,
    );
  }

  #membersBut(id: MemberId): readonly MemberId[] {
    return this.#leaves.members.filter((member) => member !== id);
  }

  #tell(to: readonly MemberId[], fact: MlsFact): void {
    if (to.length > 0) this.#decisions.push({ kind: 'told', to, fact });
  }

  #taken(): readonly Decision[] {
    const decisions = this.#decisions;
    this.#decisions = [];
    return decisions;
  }
}
