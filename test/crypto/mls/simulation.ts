import type { ClientState } from 'ts-mls/clientState.js';
import type { MemberId } from '../../../src/base/index.ts';
import { type Announcement, Group, type StagedCommit } from '../../../src/crypto/mls/index.ts';
import { seeded } from '../../support/seeded.ts';
import { announce, hex, type Knocking, knock, ownMember, settingsOf } from './people.ts';
import { openedPathSecrets, RawMember } from './raw-member.ts';

/** Members at once. Larger groups have deeper trees and cost more. */
const MAX_MEMBERS = 10;
const MIN_MEMBERS = 3;

/** Members whose keys lie open, at once. */
const MAX_SPIES = 4;

/** Commits that an idle member may be behind before it hears of them all: a resumed session's catch-up. */
const MAX_BEHIND = 3;

interface Ordered {
  readonly commit: Uint8Array;
  readonly announced: Announcement;
  /** What spies that this commit removed held when they heard of it. */
  readonly thieves: ClientState[];
  /** The witness before and after it. */
  witnessed?: { readonly before: ClientState; readonly after: ClientState };
}

/** A member as the server sees it. A spy follows and never commits; its keys lie open. */
interface Peer {
  readonly memberId: MemberId;
  readonly group: Group | undefined;
  readonly spy: RawMember | undefined;
  readonly settings?: Knocking['settings'];
  /** Accepted commits that it has processed, those from before it joined included. */
  heard: number;
  /** Asked to be removed, or died. */
  gone: boolean;
}

interface Newcomer {
  readonly memberId: MemberId;
  readonly knocking: Knocking | undefined;
  readonly spy: RawMember | undefined;
  readonly candidate: Knocking['candidate'];
}

/** What a run did: figures of it, so that a test can see that it was no idle one. */
export interface SimulationReport {
  readonly commits: number;
  readonly joins: number;
  readonly removals: number;
  readonly messages: number;
  readonly spiesTried: number;
  readonly deaths: number;
}

/**
 * Random people come and go through an honest server on a poor network: commits and messages come late, twice and out
 * of order, and committers die at every step. @throws at the first fork, failed join, or removed member that holds the
 * next secret.
 */
export async function simulate(seed: number, operations: number): Promise<SimulationReport> {
  const simulation = new Simulation(seed);
  await simulation.start();
  for (let count = 0; count < operations; count += 1) await simulation.step();
  await simulation.settle();
  return simulation.report;
}

class Simulation {
  readonly report = { commits: 0, joins: 0, removals: 0, messages: 0, spiesTried: 0, deaths: 0 };
  readonly #random: () => number;
  readonly #log: Ordered[] = [];
  readonly #peers: Peer[] = [];
  readonly #waiting: Newcomer[] = [];
  readonly #devices: Knocking['settings'][] = [];
  /** A spy that never leaves. */
  #witness: RawMember | undefined;
  #named = 0;

  constructor(seed: number) {
    this.#random = seeded(seed);
  }

  async start(): Promise<void> {
    const group = await Group.found(await settingsOf('founder'));
    this.#peers.push({ memberId: ownMember(group).credential.memberId, group, spy: undefined, heard: 0, gone: false });
    this.#witness = await this.#spy('witness');
    for (let count = 0; count < MIN_MEMBERS; count += 1) await this.#arrive();
    await this.#order(this.#peers[0] as Peer, group, {
      adds: this.#waiting.map(({ candidate }) => candidate),
      removes: [],
    });
  }

  async step(): Promise<void> {
    const roll = this.#random();
    if (roll < 0.22) await this.#arrive();
    else if (roll < 0.37) this.#leave();
    else if (roll < 0.75) await this.#commit();
    else if (roll < 0.85) await this.#refresh();
    else if (roll < 0.93) await this.#catchUpSome();
    else await this.#message();
  }

  /** Everybody hears everything: then all must be in the same epoch with the same secrets. */
  async settle(): Promise<void> {
    for (const peer of [...this.#peers]) await this.#catchUp(peer);
    const states = this.#live.map((peer) => this.#stateOf(peer));
    if (new Set(states).size !== 1) throw new Error(`fork: ${states.join(' ')}`);
    await this.#tryThieves();
  }

  get #live(): readonly Peer[] {
    return this.#peers.filter(({ gone }) => !gone);
  }

  #stateOf({ group, spy }: Peer): string {
    if (group) return `${group.epoch}:${hex(group.authenticator)}`;
    if (!spy) throw new Error('neither group nor spy');
    return `${spy.library.groupContext.epoch}:${hex(spy.library.keySchedule.epochAuthenticator)}`;
  }

  /** Somebody knocks: a new device, one that was here before, or a spy. */
  async #arrive(): Promise<void> {
    if (this.#live.length + this.#waiting.length >= MAX_MEMBERS) return;
    this.#named += 1;
    const name = `p${this.#named}`;
    const spies = [...this.#live, ...this.#waiting].filter(({ spy }) => spy).length;
    if (spies < MAX_SPIES && this.#random() < 0.5) {
      await this.#spy(`${name}-spy`);
      return;
    }
    const back = this.#random() < 0.4 ? this.#devices.pop() : undefined;
    const knocking = await knock(name, back ? { signatureKeys: back.signatureKeys } : {});
    const { candidate } = knocking;
    this.#waiting.push({ memberId: candidate.credential.memberId, knocking, candidate, spy: undefined });
  }

  async #spy(name: string): Promise<RawMember> {
    const spy = await RawMember.create(name);
    const { candidate } = spy;
    this.#waiting.push({ memberId: candidate.credential.memberId, spy, candidate, knocking: undefined });
    return spy;
  }

  #leave(): void {
    const peer = this.#pick(this.#live.filter((each) => this.#maySpare(each)));
    if (peer) this.#lose(peer);
  }

  /** A batch of who waits and who is gone, by a random member; half of the time something goes wrong. */
  async #commit(): Promise<void> {
    const committer = await this.#committer();
    if (!committer) return;
    const { group } = committer;
    const present = new Set(group.members.map(({ credential }) => credential.memberId));
    const removes = this.#peers
      .filter(({ gone, memberId }) => gone && present.has(memberId))
      .map(({ memberId }) => memberId);
    const some = this.#random();
    const batch = {
      adds: some < 0.15 ? [] : this.#waiting.map(({ candidate }) => candidate),
      removes: some > 0.85 ? [] : removes,
    };
    await this.#order(committer, group, batch);
  }

  async #refresh(): Promise<void> {
    const committer = await this.#committer();
    if (committer) await this.#order(committer, committer.group, { adds: [], removes: [] });
  }

  async #order(peer: Peer, group: Group, batch: Parameters<Group['stage']>[0]): Promise<void> {
    const { staged, refusedAdds } = await group.stage(batch);
    const unfair = refusedAdds.find(({ reason }) => reason !== 'duplicate-key');
    if (unfair) throw new Error(`refused a fair newcomer: ${unfair.reason}`);
    if (!staged) return;
    const fate = this.#random();
    if (fate < 0.1 && this.#maySpare(peer)) return this.#die(peer); // before anybody saw it
    if (fate < 0.2) return group.discard(staged); // lost on the way: the server asks again later
    if (fate < 0.3 && (await this.#rival(peer))) return; // another one was first; ours still waits when we hear of it
    this.#accept(group, staged);
    if (fate < 0.4 && this.#maySpare(peer))
      this.#die(peer); // after it was accepted, before we knew
    else if (fate < 0.5)
      await this.#catchUp(peer); // the answer was lost: our own commit comes back
    else {
      await group.apply(staged);
      peer.heard += 1;
    }
    await this.#welcome(staged);
  }

  /** Another member commits in the same epoch and wins. */
  async #rival(loser: Peer): Promise<boolean> {
    const winner = await this.#committer(loser);
    if (!winner) return false;
    const { staged } = await winner.group.refresh();
    if (!staged) throw new Error('a refresh was not staged');
    this.#accept(winner.group, staged);
    await winner.group.apply(staged);
    winner.heard += 1;
    return true;
  }

  #accept(committer: Group, staged: StagedCommit): void {
    const knocking = this.#waiting.map(
      ({ candidate }) => ({ settings: { credential: candidate.credential } }) as Knocking,
    );
    this.#log.push({ commit: staged.commit, announced: announce(committer, staged, knocking), thieves: [] });
    this.report.commits += 1;
    this.report.removals += staged.removed.length;
  }

  async #welcome({ added, welcome }: StagedCommit): Promise<void> {
    for (const memberId of added) {
      const at = this.#waiting.findIndex((each) => each.memberId === memberId);
      const [newcomer] = this.#waiting.splice(at, 1);
      if (at < 0 || !newcomer || !welcome) throw new Error('added somebody who did not knock');
      const peer = await this.#enter(newcomer, welcome);
      this.#peers.push(peer);
      this.report.joins += 1;
    }
  }

  async #enter({ memberId, knocking, spy }: Newcomer, welcome: Uint8Array): Promise<Peer> {
    const place = { memberId, heard: this.#log.length, gone: false };
    await spy?.join(welcome);
    if (!knocking) return { ...place, spy, group: undefined };
    const joined = await knocking.pending.join(welcome);
    if (joined.kind === 'refused') throw new Error(`failed join: ${joined.reason}`);
    if ((await knocking.pending.join(welcome)).kind === 'joined') throw new Error('the same welcome worked twice');
    return { ...place, group: joined.group, spy: undefined, settings: knocking.settings };
  }

  /** Some who can commit always stay, or the run would stand still. */
  #maySpare({ group, spy }: Peer): boolean {
    if (spy) return spy !== this.#witness;
    return group !== undefined && this.#live.filter((each) => each.group).length > MIN_MEMBERS;
  }

  #die(peer: Peer): void {
    this.report.deaths += 1;
    this.#lose(peer);
  }

  /** Its device may be back before its leaf is gone: a reload. */
  #lose(peer: Peer): void {
    peer.gone = true;
    if (peer.settings) this.#devices.push(peer.settings);
  }

  async #catchUpSome(): Promise<void> {
    for (const peer of [...this.#peers]) if (this.#random() < 0.5) await this.#catchUp(peer);
  }

  /** Hears what it missed, some of it twice and some of it too early. */
  async #catchUp(peer: Peer): Promise<void> {
    while (peer.heard < this.#log.length) {
      const ahead = this.#log[peer.heard + 1];
      if (ahead && this.#random() < 0.2) this.#expect(await this.#hear(peer, ahead), 'future');
      const behind = this.#log[peer.heard - 1];
      if (behind && this.#random() < 0.2) this.#expect(await this.#hear(peer, behind), 'stale');
      const next = this.#log[peer.heard];
      if (!next) return;
      const removesIt = next.announced.removed.includes(peer.memberId);
      const before = peer.spy?.copy;
      this.#expect(await this.#hear(peer, next), removesIt ? 'removed' : 'applied');
      peer.heard += 1;
      if (before && peer.spy && peer.spy === this.#witness) next.witnessed = { before, after: peer.spy.library };
      if (!removesIt) continue;
      if (before) next.thieves.push(before);
      this.#peers.splice(this.#peers.indexOf(peer), 1);
      return;
    }
  }

  #hear({ group, spy }: Peer, { commit, announced }: Ordered) {
    const member = group ?? spy;
    if (!member) throw new Error('neither group nor spy');
    return member.process(commit, announced);
  }

  /**
   * Every removed spy, with all its keys, on the commit that removed it; the witness shows that the trial is a fair
   * one.
   */
  async #tryThieves(): Promise<void> {
    const ground = this.#witness?.ground;
    for (const { commit, thieves, witnessed } of this.#log) {
      if (thieves.length === 0 || !ground || !witnessed) continue;
      const { before, after } = witnessed;
      if ((await openedPathSecrets(before, commit, after, ground)) === 0) throw new Error('nobody can follow');
      for (const thief of thieves) {
        if ((await openedPathSecrets(thief, commit, after, ground)) > 0)
          throw new Error('a removed member has the next secret');
        this.report.spiesTried += 1;
      }
    }
  }

  /** One seals for all; those in its epoch open it exactly once, whoever is gone does not. */
  async #message(): Promise<void> {
    const sender = await this.#committer();
    if (!sender) return;
    const sealed = await sender.group.seal(new TextEncoder().encode('hello'));
    for (const peer of this.#peers) {
      if (!peer.group || peer === sender || this.#random() < 0.1) continue;
      const known = !peer.group.closed && peer.group.epoch === sender.group.epoch;
      const outcome = await peer.group.open(sealed);
      if ((outcome.kind === 'opened') !== known)
        throw new Error(`message ${outcome.kind} in epoch ${peer.group.epoch}`);
      if ((await peer.group.open(sealed)).kind === 'opened') throw new Error('opened twice');
      this.report.messages += 1;
    }
  }

  /** Somebody alive who has heard everything, as the server would choose. */
  async #committer(other?: Peer): Promise<(Peer & { readonly group: Group }) | undefined> {
    for (const peer of [...this.#peers]) if (this.#log.length - peer.heard > MAX_BEHIND) await this.#catchUp(peer);
    const peer = this.#pick(this.#live.filter((each) => each.group && each !== other));
    if (!peer) return undefined;
    await this.#catchUp(peer);
    return peer as Peer & { readonly group: Group };
  }

  #expect({ kind, ...rest }: { readonly kind: string }, expected: string): void {
    if (kind !== expected) throw new Error(`a commit was ${kind} instead of ${expected}: ${JSON.stringify(rest)}`);
  }

  #pick<T>(from: readonly T[]): T | undefined {
    return from[Math.floor(this.#random() * from.length)];
  }
}
