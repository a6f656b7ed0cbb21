import { describe, expect, test } from 'vitest';
import type { DeviceId, MemberId, UserId } from '../../../src/base/index.ts';
import type { MlsFact } from '../../../src/signaling/mls/decision.ts';
import { MlsDelivery } from '../../../src/signaling/mls/delivery.ts';
import { MAX_ADDS, type WireCommit } from '../../../src/wire/index.ts';

type Refused = WireCommit['refusedAdds'][number]['reason'];
type FactOf<Case extends MlsFact['case']> = Extract<MlsFact, { readonly case: Case }>['value'];

const bytes = (text: string) => new Uint8Array(Buffer.from(text));
const id = (name: string) => name as MemberId;

/** A delivery service, and what each member was told. Time moves when the test says so. */
class Table {
  readonly delivery = new MlsDelivery();
  readonly told: { readonly to: string; readonly fact: MlsFact }[] = [];
  readonly counted: string[] = [];
  nowMs = 0;

  offer(name: string, keyPackage = bytes(name)): this {
    const member = { memberId: id(name), userId: 'user' as UserId, deviceId: 'device' as DeviceId };
    return this.#follow(this.delivery.offer({ member, keyPackage }, this.nowMs));
  }
  leave(name: string): this {
    return this.#follow(this.delivery.leave(id(name), this.nowMs));
  }
  away(name: string): this {
    return this.#follow(this.delivery.away(id(name), this.nowMs));
  }
  back(name: string): this {
    return this.#follow(this.delivery.back(id(name), this.nowMs));
  }
  reached(name: string, epoch: number): this {
    return this.#follow(this.delivery.epochReached(id(name), epoch, this.nowMs));
  }
  /** They are in the present epoch, whichever that is. */
  upToDate(...names: readonly string[]): this {
    for (const name of names) this.reached(name, this.#epoch);
    return this;
  }
  rejected(name: string, epoch: number): this {
    return this.#follow(this.delivery.commitRejected(id(name), epoch, this.nowMs));
  }
  admit(by: string, name: string, admitted = true): this {
    return this.#follow(this.delivery.admit(id(by), id(name), admitted, this.nowMs));
  }
  sealed(by: string): this {
    return this.#follow(this.delivery.sealed(id(by), bytes(by)));
  }
  wait(ms: number): this {
    const untilMs = this.nowMs + ms;
    for (;;) {
      const { deadlineMs } = this.delivery;
      if (deadlineMs === undefined || deadlineMs > untilMs) break;
      this.nowMs = deadlineMs;
      this.#follow(this.delivery.tick(this.nowMs));
    }
    this.nowMs = untilMs;
    return this;
  }

  /** Commits what this member was asked for last, or the change. */
  commit(name: string, change: Partial<WireCommit> = {}): this {
    const wanted = this.last(name, 'commitWanted');
    const refused = new Set((change.refusedAdds ?? []).map(({ memberId }) => memberId));
    const added = wanted.adds.map(({ member }) => member.memberId).filter((each) => !refused.has(each));
    const request: WireCommit = {
      epoch: wanted.epoch,
      commit: bytes(added.length + wanted.removedMemberIds.length > 0 ? `commit of ${name}` : ''),
      ...(added.length > 0 && { welcome: bytes('welcome') }),
      addedMemberIds: added,
      refusedAdds: [],
      removedMemberIds: wanted.removedMemberIds,
      ...change,
    };
    return this.#follow(this.delivery.commit(id(name), request, this.nowMs));
  }

  refuse(name: string, reasons: Readonly<Record<string, Refused>>): this {
    const refusedAdds = Object.entries(reasons).map(([each, reason]) => ({ memberId: id(each), reason }));
    return this.commit(name, { refusedAdds });
  }

  refresh(name: string, epoch: number): this {
    const request = { epoch, commit: bytes('refresh'), addedMemberIds: [], refusedAdds: [], removedMemberIds: [] };
    return this.#follow(this.delivery.commit(id(name), request, this.nowMs));
  }

  /** A group of these, in epoch 1 when there are several. */
  group(...names: readonly string[]): this {
    const [founder = ''] = names;
    for (const name of names) this.offer(name);
    this.reached(founder, 0);
    if (names.length === 1) return this;
    this.wait(100).commit(founder);
    for (const name of names) this.reached(name, 1);
    this.told.length = 0;
    return this.wait(3_000); // else who comes next is one of a crowd, and waits for the others of it
  }

  /** As the last commit that was told to anybody left it. */
  get #epoch(): number {
    const epochs = this.told.flatMap(({ fact }) => (fact.case === 'commitAccepted' ? [fact.value.epoch + 1] : []));
    return epochs.at(-1) ?? 0;
  }

  /** The names of the facts told to somebody, in order. */
  facts(name: string): string[] {
    return this.told.flatMap(({ to, fact }) => (to === name ? [fact.case] : []));
  }

  last<Case extends MlsFact['case']>(name: string, kind: Case): FactOf<Case> {
    const found = this.told.findLast(({ to, fact }) => to === name && fact.case === kind);
    if (!found) throw new Error(`${name} was not told ${kind}, but ${this.facts(name).join()}`);
    return found.fact.value as FactOf<Case>;
  }

  /** Who was asked to commit, in order. */
  get asked(): string[] {
    return this.told.flatMap(({ to, fact }) => (fact.case === 'commitWanted' ? [to] : []));
  }

  #follow(decisions: ReturnType<MlsDelivery['tick']>): this {
    for (const decision of decisions) {
      if (decision.kind !== 'told') this.counted.push(decision.kind);
      else for (const to of decision.to) this.told.push({ to, fact: decision.fact });
    }
    return this;
  }
}

const refusal = (code: string) => expect.objectContaining({ name: 'CallError', code });

describe('founding', () => {
  test('the first who offers is asked, the others wait and are added together', () => {
    const table = new Table().offer('ann').offer('bob').offer('cid');
    expect(table.told).toEqual([{ to: 'ann', fact: { case: 'groupWanted', value: {} } }]);
    table.reached('ann', 0).wait(100).commit('ann');
    expect(table.last('ann', 'commitWanted').adds.map(({ member }) => member.memberId)).toEqual(['bob', 'cid']);
    expect(table.last('cid', 'welcomed')).toEqual({ epoch: 1, welcome: bytes('welcome') });
    expect(table.facts('bob')).toEqual(['welcomed']);
    for (const name of ['ann', 'bob', 'cid']) table.reached(name, 1);
    expect(table.facts('bob')).toEqual(['welcomed', 'epochReady']);
  });

  test('who does not found in 5 s offers again, behind the others', () => {
    const table = new Table().offer('ann').offer('bob').wait(5_000);
    expect(table.facts('ann')).toEqual(['groupWanted', 'keyPackageWanted']);
    expect(table.facts('bob')).toEqual(['groupWanted']);
    table.reached('ann', 0).offer('ann').reached('bob', 0).wait(100);
    expect(table.last('bob', 'commitWanted').adds.map(({ member }) => member.memberId)).toEqual(['ann']);
  });

  test('a founder who leaves makes place at once', () => {
    expect(new Table().offer('ann').offer('bob').leave('ann').facts('bob')).toEqual(['groupWanted']);
  });

  test('when the last member goes the group is gone, and who waits founds another', () => {
    const table = new Table().group('ann').offer('bob').leave('ann');
    expect(table.facts('bob')).toEqual(['groupWanted']);
    expect(table.reached('bob', 0).facts('bob')).toEqual(['groupWanted', 'epochReady']);
    table.leave('bob');
    expect(table.delivery.deadlineMs).toBeUndefined();
  });

  test('a lone member that lost its keys founds anew', () => {
    const table = new Table().group('ann');
    expect(table.offer('ann').facts('ann').at(-1)).toBe('groupWanted');
  });
});

describe('batches', () => {
  test('who comes and goes within 100 ms is in one commit, sealed with one fact for all', () => {
    const table = new Table().group('ann', 'bob', 'cid').offer('dan').wait(60).leave('cid').wait(30).offer('eve');
    expect(table.asked).toEqual([]);
    table.wait(10);
    const { adds, removedMemberIds } = table.last('ann', 'commitWanted');
    expect(adds.map(({ member }) => member.memberId)).toEqual(['dan', 'eve']);
    expect(removedMemberIds).toEqual(['cid']);
    table.commit('ann');
    expect(table.last('bob', 'commitAccepted')).toMatchObject({
      epoch: 1,
      committerId: 'ann',
      removedMemberIds: ['cid'],
    });
    expect(table.facts('cid')).toEqual([]);
    expect(table.facts('ann')).toEqual(['commitWanted']);
    expect(table.last('dan', 'welcomed')).toBe(table.last('eve', 'welcomed'));
  });

  test('who comes while a commit is made is in the next, asked for as soon as that one is confirmed', () => {
    const table = new Table().group('ann', 'bob').offer('cid').wait(100).offer('dan').wait(100);
    table.commit('ann').reached('ann', 2);
    expect(table.asked).toEqual(['ann']);
    table.reached('bob', 2);
    expect(table.last('ann', 'commitWanted')).toMatchObject({ epoch: 2, adds: [{ member: { memberId: 'dan' } }] });
  });

  test(`${MAX_ADDS} adds at most, and 256 KiB of them`, () => {
    const many = new Table().group('ann');
    for (let at = 0; at < MAX_ADDS + 9; at += 1) many.offer(`m${at}`);
    many.wait(100);
    expect(many.last('ann', 'commitWanted').adds).toHaveLength(MAX_ADDS);
    many.commit('ann').reached('ann', 1);
    expect(many.last('ann', 'commitWanted').adds).toHaveLength(9);

    const large = new Table().group('ann');
    for (let at = 0; at < 40; at += 1) large.offer(`m${at}`, new Uint8Array(8 * 1024));
    expect(large.wait(100).last('ann', 'commitWanted').adds).toHaveLength(32);
  });

  test('a member that offers has lost its keys: one commit removes and adds it', () => {
    const table = new Table().group('ann', 'bob', 'cid').offer('bob').wait(100);
    expect(table.last('cid', 'commitWanted')).toMatchObject({
      adds: [{ member: { memberId: 'bob' } }],
      removedMemberIds: ['bob'],
    });
    table.commit('cid');
    expect(table.facts('bob')).toEqual(['welcomed']);
  });

  test('who left, or offered anew, while it was being added gets no welcome, and its leaf goes with the next commit', () => {
    const table = new Table().group('ann', 'bob').offer('cid').offer('dan').wait(100).leave('cid').offer('dan');
    table.commit('ann').reached('bob', 2).reached('ann', 2).wait(100);
    expect([...table.facts('cid'), ...table.facts('dan')]).toEqual([]);
    expect(table.last('bob', 'commitAccepted').added.map(({ memberId }) => memberId)).toEqual(['cid', 'dan']);
    expect(table.last('ann', 'commitWanted')).toMatchObject({
      adds: [{ member: { memberId: 'dan' } }],
      removedMemberIds: ['cid', 'dan'],
    });
  });
});

describe('committers', () => {
  test('each is asked for 1.5 s, the longest in the group first; then again, with more patience', () => {
    const table = new Table().group('ann', 'bob').offer('cid').wait(100);
    expect(table.asked).toEqual(['ann']);
    expect(table.wait(1_499).asked).toEqual(['ann']);
    expect(table.wait(1).asked).toEqual(['ann', 'bob']);
    expect(table.wait(1_500).asked).toEqual(['ann', 'bob', 'ann']);
    expect(table.wait(2_999).asked).toHaveLength(3);
    expect(table.wait(1).asked).toHaveLength(4);
    expect(table.counted.filter((each) => each === 'timed-out')).toHaveLength(3);
    table.wait(600_000);
    expect(table.asked.length).toBeLessThan(60);
  });

  test('one that leaves is skipped at once', () => {
    expect(new Table().group('ann', 'bob').offer('cid').wait(100).leave('ann').asked).toEqual(['ann', 'bob']);
  });

  test('one that is behind is not asked', () => {
    const table = new Table().group('ann', 'bob', 'cid').refresh('cid', 1).reached('bob', 2).offer('dan').wait(100);
    expect(table.asked).toEqual(['bob']);
  });

  test('a late commit that is the first counts, and the second is stale', () => {
    const table = new Table().group('ann', 'bob').offer('cid').wait(1_600);
    expect(table.asked).toEqual(['ann', 'bob']);
    table.commit('ann');
    expect(() => table.commit('bob')).toThrow(refusal('stale-epoch'));
    expect(table.facts('cid')).toEqual(['welcomed']);
  });

  test('a refresh is taken when nothing is asked', () => {
    const table = new Table().group('ann', 'bob');
    table.refresh('bob', 1);
    expect(table.facts('ann')).toEqual(['commitAccepted']);
    expect(() => table.refresh('ann', 1)).toThrow(refusal('stale-epoch'));
    table.reached('ann', 2).reached('bob', 2).offer('cid').wait(100);
    expect(() => table.refresh('bob', 2)).toThrow(refusal('stale-epoch'));
  });

  test('a second commit waits for somebody to confirm the first, 3 s at most', () => {
    const table = new Table().group('ann', 'bob').refresh('ann', 1).reached('ann', 2);
    expect(() => table.refresh('ann', 2)).toThrow(refusal('stale-epoch'));
    table.offer('cid').wait(2_999);
    expect(table.asked).toEqual([]);
    expect(table.wait(1).asked).toEqual(['ann']);
  });

  test.each<[string, Partial<WireCommit>, string]>([
    ['an old epoch', { epoch: 0 }, 'stale-epoch'],
    ['an epoch to come', { epoch: 2 }, 'stale-epoch'],
    ['somebody else added', { addedMemberIds: [id('eve')] }, 'stale-epoch'],
    ['somebody added twice', { addedMemberIds: [id('dan'), id('dan')] }, 'stale-epoch'],
    ['somebody neither added nor refused', { addedMemberIds: [] }, 'stale-epoch'],
    ['somebody else removed', { removedMemberIds: [id('bob')] }, 'stale-epoch'],
    ['nobody removed', { removedMemberIds: [] }, 'stale-epoch'],
    ['an empty commit', { commit: bytes('') }, 'invalid'],
  ])('a commit with %s is refused and changes nothing', (_what, change, code) => {
    const table = new Table().group('ann', 'bob', 'cid').offer('dan').leave('cid').wait(100);
    expect(() => table.commit('ann', change)).toThrow(refusal(code));
    expect(table.commit('ann').facts('dan')).toEqual(['welcomed']);
  });

  test('a welcome comes with adds and only with them', () => {
    const table = new Table().group('ann', 'bob', 'cid').leave('cid').wait(100);
    expect(() => table.commit('ann', { welcome: bytes('w') })).toThrow(refusal('invalid'));
  });

  test('who is not in the group commits, admits and says nothing', () => {
    const table = new Table().group('ann', 'bob').offer('cid');
    for (const attempt of [() => table.refresh('cid', 1), () => table.sealed('cid'), () => table.admit('cid', 'cid')]) {
      expect(attempt).toThrow(refusal('out-of-order'));
    }
  });
});

describe('adds that are refused', () => {
  const asked = () => new Table().group('ann', 'bob').offer('cid').offer('dan').wait(100);

  test('no proof: another member is asked, and then it is said', () => {
    const table = asked().refuse('ann', { cid: 'no-proof' });
    expect(table.facts('dan')).toEqual(['welcomed']);
    expect(table.facts('cid')).toEqual([]);
    for (const name of ['ann', 'bob', 'dan']) table.reached(name, 2);
    expect(table.asked.at(-1)).toBe('bob');
    table.refuse('bob', { cid: 'invalid' });
    expect(table.last('cid', 'admissionRefused')).toEqual({ reason: 'invalid' });
    expect(table.delivery.deadlineMs).toBeUndefined();
  });

  test('one liar refuses in vain', () => {
    const table = asked().refuse('ann', { cid: 'invalid', dan: 'invalid' }).commit('bob');
    expect([...table.facts('cid'), ...table.facts('dan')]).toEqual(['welcomed', 'welcomed']);
  });

  test('the only member is believed, also when it became so later', () => {
    const alone = new Table().group('ann').offer('cid').wait(100).refuse('ann', { cid: 'no-proof' });
    expect(alone.last('cid', 'admissionRefused')).toEqual({ reason: 'no-proof' });
    const later = asked().refuse('ann', { cid: 'no-proof', dan: 'no-proof' }).leave('bob');
    expect(later.last('dan', 'admissionRefused')).toEqual({ reason: 'no-proof' });
  });

  test('the lobby: members hear of who knocks, and Admit lets in', () => {
    const table = asked().refuse('ann', { cid: 'waiting' });
    expect(table.facts('cid')).toEqual(['admissionPending']);
    expect(table.facts('bob')).toEqual(['knocking', 'commitAccepted']);
    expect(table.facts('dan')).toEqual(['welcomed', 'knocking']);
    for (const name of ['ann', 'bob', 'dan']) table.reached(name, 2);
    table.admit('dan', 'cid').admit('bob', 'cid').wait(100);
    expect(table.last('ann', 'commitWanted').adds).toMatchObject([{ member: { memberId: 'cid' } }]);
    table.refuse('ann', { cid: 'waiting' }); // it did not hear of it, or says so: another is asked
    expect(table.asked.at(-1)).toBe('bob');
    expect(table.commit('bob').facts('cid')).toEqual(['admissionPending', 'welcomed']);
  });

  test('the lobby: Refuse ends it, and a new offer knocks again', () => {
    const table = new Table().group('ann').offer('cid').wait(100).refuse('ann', { cid: 'waiting' });
    table.admit('ann', 'cid', false);
    expect(table.last('cid', 'admissionRefused')).toEqual({ reason: 'denied' });
    table.admit('ann', 'cid');
    expect(table.wait(60_000).asked).toHaveLength(1);
    expect(table.offer('cid').wait(100).asked).toHaveLength(2);
  });

  test('who knocks and leaves is forgotten', () => {
    const table = new Table().group('ann').offer('cid').wait(100).refuse('ann', { cid: 'waiting' }).leave('cid');
    expect(table.admit('ann', 'cid').wait(1_000).asked).toHaveLength(1);
  });
});

describe('epochs', () => {
  test('ready is told once, when all members have reached it', () => {
    const table = new Table().group('ann', 'bob', 'cid').refresh('ann', 1);
    table.reached('ann', 2).reached('bob', 2).reached('bob', 2);
    expect(table.facts('bob')).toEqual(['commitAccepted']);
    table.reached('cid', 2).reached('cid', 2);
    for (const name of ['ann', 'bob', 'cid'])
      expect(table.facts(name).filter((fact) => fact === 'epochReady')).toHaveLength(1);
  });

  test('who is gone is not waited for', () => {
    const table = new Table().group('ann', 'bob', 'cid').refresh('ann', 1).reached('ann', 2).reached('bob', 2);
    expect(table.leave('cid').last('ann', 'epochReady')).toEqual({ epoch: 2 });
  });

  test('who was welcomed and does not come in 5 s is removed and offers again', () => {
    const table = new Table()
      .group('ann', 'bob')
      .offer('cid')
      .wait(100)
      .commit('ann')
      .reached('ann', 2)
      .reached('bob', 2);
    table.wait(4_999);
    expect(table.facts('cid')).toEqual(['welcomed']);
    table.wait(101);
    expect(table.facts('cid')).toEqual(['welcomed', 'keyPackageWanted']);
    expect(table.last('bob', 'commitWanted')).toMatchObject({ epoch: 2, removedMemberIds: ['cid'] });
  });

  test('who stays behind for 20 s is removed and offers again', () => {
    const table = new Table().group('ann', 'bob', 'cid').refresh('ann', 1).reached('ann', 2).reached('bob', 2);
    expect(table.wait(19_999).facts('cid')).toEqual(['commitAccepted']);
    expect(table.wait(1).facts('cid')).toEqual(['commitAccepted', 'keyPackageWanted']);
  });

  test('sealed messages go to all other members, as one object', () => {
    const table = new Table().group('ann', 'bob', 'cid').offer('dan').sealed('bob');
    expect(table.last('ann', 'sealed')).toBe(table.last('cid', 'sealed'));
    expect(table.last('ann', 'sealed')).toEqual({ message: bytes('bob'), senderId: 'bob' });
    expect([...table.facts('bob'), ...table.facts('dan')]).toEqual([]);
  });
});

describe('commits that members reject', () => {
  /** Three members; ann's commit in epoch 1 removes dan, who left, and adds eve. */
  const committed = () => {
    const table = new Table().group('ann', 'bob', 'cid', 'dan').leave('dan').offer('eve').wait(100).commit('ann');
    return table.reached('ann', 2).reached('eve', 2);
  };

  test('most reject: it is void, its committer and those it added are out, another makes it again', () => {
    const table = committed().rejected('bob', 1);
    expect(table.counted).not.toContain('voided');
    table.rejected('cid', 1);
    expect(table.counted).toContain('voided');
    expect(table.facts('ann').at(-1)).toBe('keyPackageWanted');
    expect(table.facts('eve')).toEqual(['welcomed', 'keyPackageWanted']);
    expect(table.last('cid', 'commitVoided')).toEqual({ epoch: 1 });
    table.offer('ann').offer('eve').wait(100);
    const wanted = table.last('bob', 'commitWanted');
    expect(wanted).toMatchObject({ epoch: 1 });
    expect([...wanted.removedMemberIds].sort()).toEqual(['ann', 'dan']);
    expect(wanted.adds.map(({ member }) => member.memberId)).toEqual(['ann', 'eve']);
    table.commit('bob');
    for (const name of ['ann', 'bob', 'cid', 'eve']) table.reached(name, 2);
    expect(table.last('ann', 'epochReady')).toEqual({ epoch: 2 });
  });

  test('one rejects and another applies it: the rejecter is out', () => {
    const table = committed().rejected('bob', 1).reached('cid', 2);
    expect(table.facts('bob').at(-1)).toBe('keyPackageWanted');
    expect(table.wait(100).last('cid', 'commitWanted')).toMatchObject({ epoch: 2, removedMemberIds: ['bob'] });
    expect(table.counted).not.toContain('voided');
  });

  test('most reject, and a friend of the committer says that it applied it: it is void all the same', () => {
    const table = new Table().group('ann', 'bob', 'cid', 'dan', 'friend').refresh('ann', 1).reached('ann', 2);
    for (const name of ['bob', 'cid', 'dan']) table.reached('friend', 2).rejected(name, 1);
    expect(table.counted).toContain('voided');
    for (const name of ['ann', 'friend']) expect(table.facts(name).at(-1)).toBe('keyPackageWanted');
    for (const name of ['bob', 'cid', 'dan']) expect(table.facts(name)).not.toContain('keyPackageWanted');
    table.offer('ann').offer('friend').wait(100);
    expect(table.last('bob', 'commitWanted')).toMatchObject({ epoch: 1, removedMemberIds: ['ann', 'friend'] });
  });

  test('the next is asked for when half of those who had to process it are there', () => {
    const table = new Table().group('ann', 'bob', 'cid', 'dan', 'eve').refresh('ann', 1).reached('ann', 2).offer('fay');
    expect(table.reached('bob', 2).wait(200).asked).toEqual([]);
    expect(table.reached('cid', 2).asked).toEqual(['ann']);
  });

  test('nobody waits for those who are behind for 3 s already, were they most of the call', () => {
    const table = new Table()
      .group('ann', 'bob', 'cid', 'dan', 'eve')
      .refresh('ann', 1)
      .reached('ann', 2)
      .reached('bob', 2);
    table.wait(3_000).refresh('ann', 2).reached('ann', 3).offer('fay').wait(100);
    expect(table.asked).toEqual([]);
    expect(table.reached('bob', 3).asked).toEqual(['ann']);
  });

  test('one rejects and nobody else says anything: after 1.5 s the rejecter is out', () => {
    const table = committed().wait(500).rejected('bob', 1).wait(1_499);
    expect(table.facts('bob').at(-1)).toBe('commitAccepted');
    expect(table.wait(1).facts('bob').at(-1)).toBe('keyPackageWanted');
  });

  test('a rejection of what was confirmed, or twice, or of nothing, takes nobody with it', () => {
    const late = committed()
      .reached('cid', 2)
      .reached('bob', 2)
      .rejected('bob', 1)
      .rejected('bob', 2)
      .rejected('cid', 9);
    expect(late.facts('bob')).not.toContain('keyPackageWanted');
    const twice = committed().rejected('bob', 1).rejected('bob', 1);
    expect(twice.counted).not.toContain('voided');
  });

  test('of two, the one who rejects stays and the other comes again', () => {
    const table = new Table().group('ann', 'bob').refresh('ann', 1).rejected('bob', 1);
    expect(table.facts('bob')).toEqual(['commitAccepted', 'commitVoided']);
    expect(table.offer('ann').wait(100).last('bob', 'commitWanted')).toMatchObject({ removedMemberIds: ['ann'] });
  });

  test('who applied a commit that was void by then is out', () => {
    const table = new Table().group('ann', 'bob', 'cid', 'dan').refresh('ann', 1).rejected('bob', 1).rejected('cid', 1);
    expect(table.reached('dan', 2).facts('dan')).toEqual(['commitAccepted', 'commitVoided', 'keyPackageWanted']);
  });
});

describe('who is away', () => {
  test('is not asked to commit: the next is, at once and without a complaint', () => {
    const table = new Table().group('ann', 'bob').away('ann').offer('cid').wait(100);
    expect(table.asked).toEqual(['bob']);
    table.commit('bob').reached('bob', 2).reached('cid', 2).back('ann').reached('ann', 2).wait(3_000);
    expect(table.offer('dan').wait(100).asked).toEqual(['bob', 'ann']);
  });

  test('and was asked before is not waited for; its commit counts all the same when it is the first', () => {
    const table = new Table().group('ann', 'bob').offer('cid').wait(100).away('ann');
    expect(table.asked).toEqual(['ann', 'bob']);
    expect(table.counted).not.toContain('timed-out');
    expect(table.back('ann').commit('ann').facts('cid')).toEqual(['welcomed']);
  });

  test('like everybody else: the first who is back is asked, and until then the service sleeps', () => {
    const table = new Table().group('ann', 'bob').away('ann').away('bob').offer('cid').wait(25_000);
    expect([table.asked, table.delivery.deadlineMs]).toEqual([[], undefined]);
    expect(table.back('bob').asked).toEqual(['bob']);
    expect(table.commit('bob').facts('cid')).toEqual(['welcomed']);
  });

  test('is told everything, and keeps its place however long it is away', () => {
    const table = new Table().group('ann', 'bob', 'cid').away('cid').refresh('ann', 1).reached('ann', 2);
    table.reached('bob', 2).wait(600_000);
    expect(table.facts('cid')).toEqual(['commitAccepted', 'epochReady']);
    expect(table.delivery.deadlineMs).toBeUndefined();
    expect(table.back('cid').wait(19_999).facts('cid')).not.toContain('keyPackageWanted');
    expect(table.wait(1).facts('cid').at(-1)).toBe('keyPackageWanted');
  });

  test('when it is welcomed has its 5 s from its return', () => {
    const table = new Table().group('ann').offer('bob').wait(100).away('bob').commit('ann').reached('ann', 1);
    table.wait(20_000).back('bob').wait(4_999);
    expect(table.facts('bob')).toEqual(['welcomed', 'epochReady']);
    expect(table.reached('bob', 1).wait(20_000).facts('bob')).toEqual(['welcomed', 'epochReady']);
  });

  test('does not keep an epoch from being ready, nor a commit from being confirmed', () => {
    const table = new Table().group('ann', 'bob', 'cid', 'dan').away('cid').away('dan').refresh('ann', 1);
    table.reached('ann', 2);
    expect(table.facts('bob')).toEqual(['commitAccepted']);
    expect(table.reached('bob', 2).last('ann', 'epochReady')).toEqual({ epoch: 2 });
    expect(table.offer('eve').wait(100).asked).toEqual(['ann']);
  });

  test('from the middle of an epoch on is not waited for any more', () => {
    const table = new Table().group('ann', 'bob', 'cid').refresh('ann', 1).reached('ann', 2).reached('bob', 2);
    expect(table.away('cid').last('bob', 'epochReady')).toEqual({ epoch: 2 });
    const alone = new Table().group('ann', 'bob').refresh('ann', 1).reached('ann', 2).offer('cid').wait(100);
    expect(alone.asked).toEqual([]);
    expect(alone.away('bob').asked).toEqual(['ann']);
  });

  test('nobody is in an epoch: it is ready when somebody is', () => {
    const table = new Table().group('ann', 'bob').refresh('ann', 1).away('ann').away('bob');
    expect(table.facts('ann')).toEqual([]);
    expect(table.back('ann').reached('ann', 2).last('ann', 'epochReady')).toEqual({ epoch: 2 });
  });

  test('keeps the vote that it gave', () => {
    const table = new Table().group('ann', 'bob', 'cid', 'dan').refresh('ann', 1).reached('ann', 2);
    table.rejected('bob', 1).away('bob').rejected('cid', 1);
    expect(table.counted).toContain('voided');
  });

  test('and whose session ends is removed, and comes again as anybody', () => {
    const table = new Table().group('ann', 'bob').away('bob').leave('bob').wait(100);
    expect(table.last('ann', 'commitWanted').removedMemberIds).toEqual(['bob']);
    table.commit('ann').reached('ann', 2).offer('bob').wait(3_100).commit('ann').reached('ann', 3);
    expect(table.facts('ann').filter((fact) => fact === 'epochReady')).toHaveLength(1);
  });
});

describe('commits that do not work for somebody', () => {
  /** ann, the first in the group, has added cid. */
  const added = () => new Table().group('ann', 'bob').offer('cid').wait(100).commit('ann');

  test('who offers again while it was entering is added by another member', () => {
    const table = added().offer('cid').reached('ann', 2).reached('bob', 2).wait(100);
    expect(table.asked).toEqual(['ann', 'bob']);
    expect(table.commit('bob').facts('cid')).toEqual(['welcomed', 'welcomed']);
  });

  test('so is who does not come in 5 s, however late it offers', () => {
    const table = added().reached('ann', 2).reached('bob', 2).wait(5_100);
    expect(table.last('bob', 'commitWanted').removedMemberIds).toEqual(['cid']);
    table.commit('bob').reached('bob', 3).reached('ann', 3).wait(3_000).offer('cid').wait(100);
    expect(table.asked).toEqual(['ann', 'bob', 'bob']);
  });

  test('who was welcomed and cannot follow the first commit after it accuses its welcomer, not who made that commit', () => {
    const table = added().reached('ann', 2).reached('bob', 2).reached('cid', 2).wait(3_000);
    table.refresh('bob', 2).reached('ann', 3).rejected('cid', 2).offer('cid').reached('bob', 3).wait(100);
    expect(table.asked).toEqual(['ann', 'bob']);
  });

  test.each([
    ['before others apply it', (table: Table) => table.rejected('cid', 2).reached('dan', 3)],
    ['after others have applied it', (table: Table) => table.reached('dan', 3).rejected('cid', 2)],
    [
      'when there is another one already',
      (table: Table) =>
        table.reached('dan', 3).reached('bob', 3).refresh('dan', 3).rejected('cid', 2).reached('dan', 4),
    ],
  ])('who rejects a commit %s is added by another than its committer', (_, reject) => {
    const table = new Table().group('ann', 'bob', 'cid', 'dan').refresh('bob', 1);
    for (const name of ['ann', 'bob', 'cid', 'dan']) table.reached(name, 2); // nobody is there by the welcome alone
    reject(table.refresh('ann', 2));
    table.upToDate('ann', 'bob');
    expect(table.offer('cid').wait(100).asked).toEqual(['bob']);
  });

  test('who comes in and offers again all the same accuses its welcomer, until it has followed a commit', () => {
    const first = new Table().group('ann', 'bob', 'cid');
    expect(first.offer('cid').wait(100).asked).toEqual(['bob']);
    const later = new Table().group('ann', 'bob', 'cid').refresh('bob', 1);
    for (const name of ['ann', 'bob', 'cid']) later.reached(name, 2);
    expect(later.offer('cid').wait(100).asked).toEqual(['ann']);
  });

  test('who refuses somebody whom another adds, or lets its time pass, is asked last from then on', () => {
    const refused = new Table().group('ann', 'bob').offer('cid').wait(100).refuse('ann', { cid: 'invalid' });
    refused.commit('bob');
    for (const name of ['ann', 'bob', 'cid']) refused.reached(name, 2);
    expect(refused.wait(3_000).offer('dan').wait(100).asked).toEqual(['ann', 'bob', 'bob']);
    const late = new Table().group('ann', 'bob').offer('cid').wait(1_600).commit('bob');
    for (const name of ['ann', 'bob', 'cid']) late.reached(name, 2);
    expect(late.wait(3_000).offer('dan').wait(100).asked).toEqual(['ann', 'bob', 'bob']);
  });

  test('the accused may not refresh for a minute: nobody asked for that', () => {
    const table = new Table().group('ann', 'bob', 'cid', 'dan').refresh('bob', 1);
    table.upToDate('ann', 'bob', 'cid', 'dan').refresh('ann', 2).reached('dan', 3).rejected('cid', 2);
    table.upToDate('ann', 'bob', 'dan').offer('cid').wait(100).commit('bob').upToDate('ann', 'bob', 'cid', 'dan');
    expect(() => table.wait(59_000).refresh('ann', 4)).toThrow(refusal('stale-epoch'));
    expect(table.wait(1_000).refresh('ann', 4).last('bob', 'commitAccepted')).toMatchObject({ epoch: 4 });
  });

  test('the accused are asked when nobody else can, those first who were accused longest ago', () => {
    const table = added().offer('cid').reached('ann', 2).reached('bob', 2).wait(100).commit('bob');
    table.offer('cid').reached('ann', 3).reached('bob', 3).wait(1_300);
    expect(table.asked).toEqual(['ann', 'bob', 'ann']);
    table.leave('ann');
    expect(table.asked).toEqual(['ann', 'bob', 'ann', 'bob']);
  });

  test('an accusation ends with the stay of the accused, and with the group', () => {
    const table = added().offer('cid').reached('ann', 2).reached('bob', 2).wait(100).commit('bob');
    for (const name of ['ann', 'bob', 'cid']) table.reached(name, 3);
    for (const name of ['bob', 'cid', 'ann']) table.leave(name);
    expect(table.delivery.deadlineMs).toBeUndefined();
    table.wait(5_000).group('ann', 'bob').offer('cid').wait(100);
    expect(table.last('ann', 'commitWanted').adds).toHaveLength(1);
  });
});
