import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { MemberId } from '../../../src/base/index.ts';
import type { Sfu } from '../../../src/sfu/index.ts';
import type { ServerMessage, WireCommit } from '../../../src/wire/index.ts';
import { openSfu } from '../../support/open-sfu.ts';
import type { SignalingClient } from '../../support/signaling-client.ts';
import { until } from '../../support/until.ts';
import { join, SignalingFixture } from '../signaling-fixture.ts';

let sfu: Sfu;
let fixture: SignalingFixture;

beforeAll(async () => {
  sfu = await openSfu();
  fixture = await SignalingFixture.open(sfu);
});
afterEach(async () => {
  await fixture.clear();
  expect(fixture.server.mlsRooms).toBe(0);
});
afterAll(async () => {
  await fixture.close();
  sfu.close();
});

type ValueOf<Case extends ServerMessage['case']> = Extract<ServerMessage, { readonly case: Case }>['value'];

const bytes = (text: string) => new Uint8Array(Buffer.from(text));
const code = (outcome: Promise<unknown>) =>
  outcome.then(
    () => 'accepted',
    (error) => error.code ?? error.message,
  );

/** A member whose keys are words: it speaks the protocol, and nothing behind it is MLS. */
class KeyHolder {
  constructor(
    readonly client: SignalingClient,
    readonly id: MemberId,
  ) {}

  static async open(room: string, options?: Parameters<SignalingFixture['member']>[1], from = fixture) {
    const { client, memberId } = await from.member(room, options);
    return new KeyHolder(client, memberId);
  }

  offer(keyPackage = bytes(`key package of ${this.id}`)): Promise<unknown> {
    return this.client.request({ case: 'offerKeyPackage', value: { keyPackage } });
  }

  reached(epoch: number): void {
    this.client.say({ case: 'epochReached', value: { epoch } });
  }

  sealed(message: Uint8Array<ArrayBuffer>): void {
    this.client.say({ case: 'sealed', value: { message } });
  }

  async found(): Promise<this> {
    await this.offer();
    await this.client.fact('groupWanted');
    this.reached(0);
    await this.client.fact('epochReady');
    return this;
  }

  wanted(epoch: number): Promise<ValueOf<'commitWanted'>> {
    return this.client.fact('commitWanted', (value) => value.epoch === epoch);
  }

  /** Commits what was asked for in this epoch, and is in the next. */
  async commit(epoch: number, change: Partial<WireCommit> = {}): Promise<void> {
    const { adds, removedMemberIds } = await this.wanted(epoch);
    const refused = new Set((change.refusedAdds ?? []).map(({ memberId }) => memberId));
    const addedMemberIds = adds.map(({ member }) => member.memberId).filter((each) => !refused.has(each));
    const isEmpty = addedMemberIds.length + removedMemberIds.length === 0;
    const value: WireCommit = {
      epoch,
      commit: isEmpty ? bytes('') : bytes(`commit of ${epoch}`),
      ...(addedMemberIds.length > 0 && { welcome: bytes(`welcome to ${epoch + 1}`) }),
      addedMemberIds,
      refusedAdds: [],
      removedMemberIds,
      ...change,
    };
    await this.client.request({ case: 'commit', value });
    if (!isEmpty) this.reached(epoch + 1);
  }

  told(name: ServerMessage['case']): ServerMessage['value'][] {
    return this.client.facts.flatMap((fact) => (fact.case === name ? [fact.value] : []));
  }
}

/** Members of one group, in epoch 1. */
async function group(room: string, count: number, from = fixture): Promise<KeyHolder[]> {
  const founder = await (await KeyHolder.open(room, {}, from)).found();
  const others = await Promise.all(Array.from({ length: count - 1 }, () => KeyHolder.open(room, {}, from)));
  if (others.length === 0) return [founder];
  await Promise.all(others.map((each) => each.offer()));
  let epoch = 0;
  while (others.some((each) => each.told('welcomed').length === 0)) {
    await founder.commit(epoch);
    epoch += 1;
    for (const each of others) {
      const isIn = each.told('welcomed').length > 0 || (await hears(each));
      if (isIn) each.reached(epoch);
    }
  }
  await Promise.all(
    [founder, ...others].map((each) => each.client.fact('epochReady', (ready) => ready.epoch === epoch)),
  );
  return [founder, ...others];
}

/** After a round trip, whether a welcome was on its way. */
async function hears(holder: KeyHolder): Promise<boolean> {
  await holder.client.ping();
  return holder.told('welcomed').length > 0;
}

const epochOf = (holders: readonly KeyHolder[]) =>
  Math.max(
    ...holders.flatMap((each) => (each.told('epochReady') as ValueOf<'epochReady'>[]).map(({ epoch }) => epoch)),
  );

describe('keys over signaling', () => {
  test('the first founds, the second is vouched for and welcomed, both are told when all are ready', async () => {
    const ann = await (await KeyHolder.open('room', { user: 'ann', device: 'phone' })).found();
    const bob = await KeyHolder.open('room', { user: 'bob', device: 'laptop' });
    await bob.offer();
    const { adds } = await ann.wanted(0);
    expect(adds).toEqual([
      {
        member: { memberId: bob.id, userId: 'bob', deviceId: 'laptop' },
        keyPackage: bytes(`key package of ${bob.id}`),
      },
    ]);
    await ann.commit(0);
    expect(await bob.client.fact('welcomed')).toEqual({ epoch: 1, welcome: bytes('welcome to 1') });
    bob.reached(1);
    for (const { client } of [ann, bob]) await client.fact('epochReady', ({ epoch }) => epoch === 1);
    expect(ann.told('commitAccepted')).toEqual([]);
    const { values } = await fixture.metrics.mlsCommits.get();
    expect(values[0]?.value).toBeGreaterThanOrEqual(1);
  });

  test('twenty who come at once are in after a few commits', async () => {
    const other = await SignalingFixture.open(sfu);
    const members = await group('storm', 21, other);
    const commits = (await other.metrics.mlsCommits.get()).values[0]?.value ?? 0;
    expect(commits).toBeLessThanOrEqual(5);
    const epochs = await other.metrics.mlsEpochSeconds.get();
    expect(epochs.values.find(({ metricName }) => metricName?.endsWith('_count'))?.value).toBeGreaterThan(0);
    for (const { client } of members) expect(client.seqs).toEqual(client.seqs.map((_, at) => at + 1));
    await other.close();
  });

  test('a committer that never answers is passed over after 1.5 s', async () => {
    const members = await group('room', 3);
    const [ann, bob] = members as [KeyHolder, KeyHolder, KeyHolder];
    const epoch = epochOf(members);
    const dan = await KeyHolder.open('room');
    await dan.offer();
    await ann.wanted(epoch);
    const askedMs = performance.now();
    await bob.wanted(epoch);
    expect(performance.now() - askedMs).toBeGreaterThan(1_300);
    await bob.commit(epoch);
    await dan.client.fact('welcomed');
    expect((await fixture.metrics.mlsCommitTimeouts.get()).values[0]?.value).toBe(1);
    const late = { epoch, commit: bytes('late'), welcome: bytes('late'), addedMemberIds: [dan.id] };
    const value = { ...late, refusedAdds: [], removedMemberIds: [] };
    expect(await code(ann.client.request({ case: 'commit', value }))).toBe('stale-epoch');
    await ann.client.fact('commitAccepted', (fact) => fact.epoch === epoch && fact.committerId === bob.id);
  });

  test('a committer that leaves is passed over at once, and removed', async () => {
    const members = await group('room', 3);
    const [ann, bob, cid] = members as [KeyHolder, KeyHolder, KeyHolder];
    const epoch = epochOf(members);
    const dan = await KeyHolder.open('room');
    await dan.offer();
    await ann.wanted(epoch);
    void ann.client.close();
    const { removedMemberIds } = await bob.wanted(epoch);
    expect(removedMemberIds).toEqual([ann.id]);
    await bob.commit(epoch);
    const accepted = await cid.client.fact('commitAccepted', (fact) => fact.committerId === bob.id);
    expect(accepted).toMatchObject({ epoch, removedMemberIds: [ann.id], added: [{ memberId: dan.id }] });
  });

  test('a commit that most reject is void, and who made it comes again', async () => {
    const members = await group('room', 3);
    const [ann, bob, cid] = members as [KeyHolder, KeyHolder, KeyHolder];
    const epoch = epochOf(members);
    const refresh = { epoch, commit: bytes('bad'), addedMemberIds: [], refusedAdds: [], removedMemberIds: [] };
    await ann.client.request({ case: 'commit', value: refresh });
    ann.reached(epoch + 1);
    for (const each of [bob, cid]) {
      await each.client.fact('commitAccepted', (fact) => fact.epoch === epoch);
      each.client.say({ case: 'commitRejected', value: { epoch } });
    }
    await ann.client.fact('keyPackageWanted');
    await cid.client.fact('commitVoided', (fact) => fact.epoch === epoch);
    await ann.offer();
    await bob.commit(epoch);
    expect(await cid.client.fact('commitAccepted', (fact) => fact.committerId === bob.id)).toMatchObject({
      epoch,
      added: [{ memberId: ann.id }],
      removedMemberIds: [ann.id],
    });
    expect((await fixture.metrics.mlsCommitsVoided.get()).values[0]?.value).toBe(1);
  });

  test('the lobby: who knocks is shown to members, also to those who come later, and comes in when one admits', async () => {
    const members = await group('room', 2);
    const [ann, bob] = members as [KeyHolder, KeyHolder];
    const epoch = epochOf(members);
    const cid = await KeyHolder.open('room');
    await cid.offer();
    await ann.wanted(epoch);
    await ann.commit(epoch, { refusedAdds: [{ memberId: cid.id, reason: 'waiting' }] });
    await cid.client.fact('admissionPending');
    expect((await bob.client.fact('knocking')).candidate.member.memberId).toBe(cid.id);

    const dan = await KeyHolder.open('room');
    await dan.offer();
    await until('dan is asked for', () =>
      ann.told('commitWanted').some((wanted) => JSON.stringify(wanted).includes(dan.id)),
    );
    await ann.client.request({
      case: 'commit',
      value: {
        epoch,
        commit: bytes('c'),
        welcome: bytes('w'),
        addedMemberIds: [dan.id],
        refusedAdds: [],
        removedMemberIds: [],
      },
    });
    await dan.client.fact('knocking', ({ candidate }) => candidate.member.memberId === cid.id);
    for (const each of [ann, bob, dan]) each.reached(epoch + 1);
    bob.client.say({ case: 'admit', value: { memberId: cid.id, admitted: true } });
    await ann.commit(epoch + 1);
    await cid.client.fact('welcomed');

    const eve = await KeyHolder.open('room');
    await eve.offer();
    for (const each of [ann, bob, dan, cid]) each.reached(epoch + 2);
    await ann.commit(epoch + 2, { refusedAdds: [{ memberId: eve.id, reason: 'waiting' }] });
    await eve.client.fact('admissionPending');
    bob.client.say({ case: 'admit', value: { memberId: eve.id, admitted: false } });
    expect(await eve.client.fact('admissionRefused')).toEqual({ reason: 'denied' });
  });

  test('sealed messages reach every other member, in one order, and nobody else', async () => {
    const [ann, bob, cid] = (await group('room', 3)) as [KeyHolder, KeyHolder, KeyHolder];
    const outsider = await KeyHolder.open('room');
    await outsider.offer();
    const said = Array.from({ length: 10 }, (_, at) => bytes(`message ${at}`));
    for (const [at, message] of said.entries()) (at % 2 ? ann : bob).sealed(message);
    await until('all messages', () => cid.told('sealed').length === 10);
    const heard = (cid.told('sealed') as ValueOf<'sealed'>[]).map(({ message }) => Buffer.from(message).toString());
    expect([...heard].sort()).toEqual(said.map((message) => Buffer.from(message).toString()).sort());
    expect(ann.told('sealed')).toHaveLength(5);
    outsider.sealed(bytes('let me in'));
    await until('a refusal', () => outsider.client.refusals.length === 1);
    expect(outsider.client.refusals[0]?.code).toBe('out-of-order');
    expect(outsider.told('sealed')).toEqual([]);
  });

  test('sealed messages without end are refused', async () => {
    const [ann, bob] = (await group('room', 2)) as [KeyHolder, KeyHolder];
    for (let at = 0; at < 10; at += 1) ann.sealed(new Uint8Array(16 * 1024).fill(1));
    await until('a refusal', () => ann.client.refusals.some((refusal) => refusal.code === 'rate-limited'));
    await ann.client.ping();
    await bob.client.ping();
    expect(bob.told('sealed').length).toBeLessThan(10);
  });

  test('a commit of 200 members passes several times a second, and one that is too large is refused by name', async () => {
    const members = await group('room', 2);
    const [ann, bob] = members as [KeyHolder, KeyHolder];
    let epoch = epochOf(members);
    const [commit, welcome] = [new Uint8Array(85 * 1024).fill(1), new Uint8Array(85 * 1024).fill(2)];
    const arrive = async () => {
      const each = await KeyHolder.open('room');
      await each.offer();
      return each;
    };
    for (let round = 0; round < 8; round += 1) {
      const newcomer = await arrive();
      await ann.commit(epoch, { commit, welcome });
      epoch += 1;
      expect((await newcomer.client.fact('welcomed')).welcome.byteLength).toBe(welcome.byteLength);
      for (const each of members) each.reached(epoch);
      members.push(newcomer);
      newcomer.reached(epoch);
    }
    await until('all commits', () => bob.told('commitAccepted').length === 8);
    const tooLarge = {
      epoch,
      commit: new Uint8Array(420 * 1024),
      addedMemberIds: [],
      refusedAdds: [],
      removedMemberIds: [],
    };
    expect(await code(ann.client.request({ case: 'commit', value: tooLarge }))).toBe('too-large');
    await ann.client.ping();
  });
});

describe('who is a member', () => {
  test('before joining, and before offering, there is nothing to say about keys', async () => {
    const greeted = await fixture.greeted('room');
    const offer = { case: 'offerKeyPackage', value: { keyPackage: bytes('k') } } as const;
    expect(await code(greeted.request(offer))).toBe('out-of-order');
    const { client } = await KeyHolder.open('room');
    client.say({ case: 'epochReached', value: { epoch: 0 } });
    await until('a refusal', () => client.refusals.length === 1);
    expect(client.refusals[0]?.code).toBe('out-of-order');
    expect(fixture.server.mlsRooms).toBe(0);
  });

  test('who leaves is removed, keeps its id, and can come again', async () => {
    const members = await group('room', 2);
    const [ann, bob] = members as [KeyHolder, KeyHolder];
    const epoch = epochOf(members);
    await bob.client.request({ case: 'leave', value: {} });
    expect(await code(bob.offer())).toBe('out-of-order');
    await ann.commit(epoch);
    expect((await join(bob.client, 'room')).memberId).toBe(bob.id);
    await bob.client.fact('keyPackageWanted');
    await bob.offer();
    const { adds } = await ann.wanted(epoch + 1);
    expect(adds.map(({ member }) => member.memberId)).toEqual([bob.id]);
  });

  test('offers without end are refused', async () => {
    const ann = await (await KeyHolder.open('room')).found();
    const codes = await Promise.all(Array.from({ length: 12 }, () => code(ann.offer())));
    expect(new Set(codes)).toEqual(new Set(['accepted', 'rate-limited']));
  });

  test('who lost its socket is asked to commit by nobody and keeps nobody waiting, until it is back', async () => {
    const other = await SignalingFixture.open(sfu);
    const [ann, bob] = (await group('room', 2, other)) as [KeyHolder, KeyHolder];
    const away = (count: number) => until(`${count} away`, () => other.server.detachedSessions === count);
    ann.client.cut();
    await away(1);
    const cid = await KeyHolder.open('room', {}, other);
    await cid.offer();
    await bob.commit(1);
    await cid.client.fact('welcomed');
    cid.reached(2);
    await cid.client.fact('epochReady', ({ epoch }) => epoch === 2);

    const again = new KeyHolder(await other.connect(), ann.id);
    await again.client.goOn(ann.client.resumption, ann.client.seqs.at(-1) ?? 0);
    await again.client.fact('epochReady', ({ epoch }) => epoch === 2);
    expect(again.told('commitWanted')).toEqual([]);
    again.reached(2);
    for (const { client } of [bob, cid]) client.cut();
    await away(2);
    await (await KeyHolder.open('room', {}, other)).offer();
    expect((await again.wanted(2)).adds).toHaveLength(1);
    other.server.close();
  });

  test('MediaLost takes nobody out of the group, unless it does not join again', async () => {
    const lose: (() => void)[] = [];
    const losing: Pick<Sfu, 'join' | 'routerRtpCapabilities'> = {
      routerRtpCapabilities: sfu.routerRtpCapabilities,
      async join(request) {
        const peer = await sfu.join(request);
        lose.push(() => {
          request.tell({ case: 'mediaLost', value: {} });
          peer.close('shutdown'); // without a word, as when its worker died
        });
        return peer;
      },
    };
    const other = await SignalingFixture.open(sfu, { sfu: losing, limits: { rejoinMs: 300 } });
    const members = await group('room', 3, other);
    const [ann, bob, cid] = members as [KeyHolder, KeyHolder, KeyHolder];
    const epoch = epochOf(members);
    for (const each of lose) each();
    ann.sealed(bytes('still here'));
    await bob.client.fact('sealed');
    for (const each of [ann, bob]) expect((await join(each.client, 'room')).memberId).toBe(each.id);
    expect((await ann.wanted(epoch)).removedMemberIds).toEqual([cid.id]);
    await join(cid.client, 'room');
    await cid.client.fact('keyPackageWanted');
    expect([...ann.told('keyPackageWanted'), ...bob.told('keyPackageWanted')]).toEqual([]);
    await other.close();
  });

  test('the same device from a newer socket is another member, and the older one is removed', async () => {
    const members = await group('room', 2);
    const [ann] = members as [KeyHolder, KeyHolder];
    const older = await KeyHolder.open('room', { user: 'eve', device: 'phone' });
    await older.offer();
    await ann.wanted(epochOf(members));
    const newer = await KeyHolder.open('room', { user: 'eve', device: 'phone' });
    expect(newer.id).not.toBe(older.id);
    expect((await older.client.closed).said?.code).toBe('replaced');
  });
});
