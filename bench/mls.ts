/*
 * What membership costs in Node: joining, following an add and a remove, committing a remove, in groups of which every
 * leaf is real and has committed once, so that the tree has its keys. Only a few members are kept alive: one founds
 * and commits, one follows. Browsers are 2 to 4 times faster (docs/e2ee.md).
 */
import type { DeviceId, MemberId, RoomId, UserId } from '../src/base/index.ts';
import {
  type Candidate,
  callSecretAdmission,
  createSignatureKeyPair,
  Group,
  type GroupSettings,
  PendingMember,
  type StagedCommit,
} from '../src/crypto/mls/index.ts';
import { benchOptions, percentile, report } from './report.ts';

const SIZES = { quick: [2, 50, 250], full: [2, 10, 50, 100, 250] };
const ROUNDS = { quick: 3, full: 7 };

/** Adds in one commit while the group is made. */
const BATCH = 25;

/** In groups up to this every member commits once; in larger ones this many, spread over the tree. */
const COMMITTERS = 10;

const options = benchOptions();
const roomId = 'bench' as RoomId;
const admission = await callSecretAdmission({
  secret: crypto.getRandomValues(new Uint8Array(32)),
  roomId,
  lobby: false,
});
let named = 0;

const figures: Record<string, unknown> = {};
for (const size of options.quick ? SIZES.quick : SIZES.full) Object.assign(figures, await measure(size));
report('mls', figures, options);

async function settings(): Promise<GroupSettings> {
  named += 1;
  const credential = {
    userId: `user-${named}` as UserId,
    deviceId: `device-${named}` as DeviceId,
    memberId: `member-${named}` as MemberId,
  };
  return { roomId, credential, signatureKeys: await createSignatureKeyPair(), admission, name: `Person ${named}` };
}

async function knock(): Promise<{ readonly pending: PendingMember; readonly candidate: Candidate }> {
  const own = await settings();
  const pending = await PendingMember.create(own);
  return { pending, candidate: { credential: own.credential, keyPackage: pending.keyPackage } };
}

/** Everybody in `groups` follows. */
async function follow(
  committer: Group,
  groups: readonly Group[],
  staged: StagedCommit,
  adds: readonly Candidate[],
): Promise<void> {
  const announced = {
    committer: memberIdOf(committer),
    added: adds.map(({ credential }) => credential),
    removed: staged.removed,
  };
  for (const group of groups) {
    if (group === committer) continue;
    const outcome = await group.process(staged.commit, announced);
    if (outcome.kind !== 'applied' && outcome.kind !== 'removed') throw new Error(JSON.stringify(outcome.kind));
  }
  await committer.apply(staged);
}

function memberIdOf(group: Group): MemberId {
  const own = group.members.find(({ leaf }) => leaf === group.ownLeaf);
  if (!own) throw new Error('not in its own group');
  return own.credential.memberId;
}

async function stage(group: Group, adds: readonly Candidate[], removes: readonly MemberId[]): Promise<StagedCommit> {
  const { staged } = await group.stage({ adds, removes });
  if (!staged) throw new Error('nothing staged');
  return staged;
}

/** A group of `size`, of which those are alive who committed. */
async function grow(size: number): Promise<readonly Group[]> {
  const founder = await Group.found(await settings());
  const alive = [founder];
  const every = Math.ceil(size / COMMITTERS);
  while (founder.members.length < size) {
    const count = Math.min(BATCH, size - founder.members.length);
    const knocking = await Promise.all(Array.from({ length: count }, knock));
    const candidates = knocking.map(({ candidate }) => candidate);
    const staged = await stage(founder, candidates, []);
    const place = founder.members.length;
    await follow(founder, alive, staged, candidates);
    for (const [index, { pending }] of knocking.entries()) {
      if ((place + index) % every !== 0 && place + index !== 1) continue;
      const joined = await pending.join(staged.welcome ?? new Uint8Array());
      if (joined.kind === 'refused') throw new Error(joined.reason);
      alive.push(joined.group);
    }
  }
  for (const group of alive) await follow(group, alive, await stage(group, [], []), []);
  return alive;
}

async function measure(size: number): Promise<Record<string, number>> {
  const alive = await grow(size);
  const [founder, follower] = alive;
  if (!founder || !follower) throw new Error('nobody');
  const times: Record<string, number[]> = {
    join: [],
    process_add: [],
    process_remove: [],
    commit_add: [],
    commit_remove: [],
  };
  const sizes: Record<string, number> = {};
  const timed = async <T>(name: string, job: () => Promise<T>): Promise<T> => {
    const started = performance.now();
    const result = await job();
    times[name]?.push(performance.now() - started);
    return result;
  };

  for (let round = 0; round < (options.quick ? ROUNDS.quick : ROUNDS.full); round += 1) {
    const { pending, candidate } = await knock();
    const add = await timed('commit_add', () => stage(founder, [candidate], []));
    await timed('process_add', () => processOne(add, candidate));
    await founder.apply(add);
    const joined = await timed('join', () => pending.join(add.welcome ?? new Uint8Array()));
    if (joined.kind === 'refused') throw new Error(joined.reason);
    const remove = await timed('commit_remove', () => stage(founder, [], [candidate.credential.memberId]));
    await timed('process_remove', () => processOne(remove));
    await founder.apply(remove);
    Object.assign(sizes, { welcome: add.welcome?.length, add: add.commit.length, remove: remove.commit.length });
  }

  async function processOne(staged: StagedCommit, added?: Candidate): Promise<void> {
    if (!founder || !follower) return;
    const announced = {
      committer: memberIdOf(founder),
      added: added ? [added.credential] : [],
      removed: staged.removed,
    };
    const outcome = await follower.process(staged.commit, announced);
    if (outcome.kind !== 'applied') throw new Error(outcome.kind);
  }

  const medians = Object.entries(times).map(([name, each]) => [`${name}_ms_at_${size}`, round2(percentile(each, 0.5))]);
  const bytes = Object.entries(sizes).map(([name, each]) => [`${name}_bytes_at_${size}`, each]);
  return Object.fromEntries([...medians, ...bytes]);
}

function round2(value: number): number {
  return Math.round(value * 100) / 100;
}
