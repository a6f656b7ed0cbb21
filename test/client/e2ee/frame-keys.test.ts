import { describe, expect, test } from 'vitest';
import { FrameKeys } from '../../../src/client/e2ee/frame-keys.ts';
import type { Group } from '../../../src/crypto/index.ts';
import { commit, groupOf, knock, ownMember } from '../../crypto/mls/people.ts';
import { FakeClock } from '../../support/fake-clock.ts';

const FRAME = () => new TextEncoder().encode('hello').buffer as ArrayBuffer;
const idOf = (group: Group) => ownMember(group).credential.memberId;

/** Frame keys that follow a real group. */
class Device {
  readonly clock = new FakeClock();
  readonly keys = new FrameKeys(this.clock);
  readonly sealer = this.keys.sealer('microphone', 'opus');

  constructor(readonly group: Group) {}

  async follow({ removed = false, entered = false } = {}): Promise<void> {
    const { group } = this;
    await this.keys.epochBegan({ epoch: group.epoch, group, removed, entered });
  }

  async seal(): Promise<ArrayBuffer | undefined> {
    const outcome = await this.sealer.seal(FRAME());
    return outcome.kind === 'sealed' ? outcome.bytes : undefined;
  }

  async opens(from: Device, frame: ArrayBuffer | undefined): Promise<string> {
    const opener = this.keys.opener({ memberId: idOf(from.group), source: 'microphone', codec: 'opus' });
    const outcome = await opener.open(frame ?? new ArrayBuffer(0));
    return outcome.kind === 'dropped' ? outcome.reason : outcome.kind;
  }
}

async function devices(...names: readonly string[]): Promise<Device[]> {
  const all = (await groupOf(...names)).map((group) => new Device(group));
  for (const device of all) await device.follow({ entered: true });
  return all;
}

describe('frame keys', () => {
  test('seal nothing before the first epoch, while halted, and after a close', async () => {
    const [ada] = (await devices('ada')) as [Device];
    expect(await new FrameKeys(ada.clock).sealer('camera', 'vp8').seal(FRAME())).toEqual({
      kind: 'refused',
      reason: 'no-key',
    });
    expect(await ada.seal()).toBeDefined();
    ada.keys.halted = true;
    expect(await ada.seal()).toBeUndefined();
    ada.keys.halted = false;
    ada.keys.close();
    expect(await ada.seal()).toBeUndefined();
    expect(ada.keys.sealedInEpoch).toBe(1);
  });

  test('of an epoch that adds are used when all are ready; of one that removes, at once', async () => {
    const [ada, ben, cleo] = (await devices('ada', 'ben', 'cleo')) as [Device, Device, Device];
    const dan = await knock('dan');
    await commit(ada.group, [ben.group, cleo.group], { adds: [dan] });
    await ada.follow();
    expect(await cleo.opens(ada, await ada.seal())).toBe('opened'); // cleo's keys are of the epoch before
    ada.keys.ready(ada.group.epoch);
    expect(await cleo.opens(ada, await ada.seal())).toBe('no-key');
    await ben.follow();
    await commit(ada.group, [ben.group], { removes: [cleo.group] });
    await ada.follow({ removed: true });
    const frame = await ada.seal();
    expect(await ben.opens(ada, frame)).toBe('no-key');
    await ben.follow({ removed: true });
    expect([await ben.opens(ada, frame), await cleo.opens(ada, frame)]).toEqual(['opened', 'no-key']);
  });

  test('of an old epoch open for 2 s more', async () => {
    const [ada, ben] = (await devices('ada', 'ben')) as [Device, Device];
    const [early, late] = [await ada.seal(), await ada.seal()];
    await commit(ada.group, [ben.group], {});
    await ben.follow({ removed: true });
    ben.clock.advance(1_999);
    expect(await ben.opens(ada, early)).toBe('opened');
    ben.clock.advance(1);
    expect(await ben.opens(ada, late)).toBe('no-key');
    expect(ben.clock.pending).toBe(0);
  });

  test('open what its owner sealed, and nothing that another sealed or the last owner of the leaf', async () => {
    const [ada, ben, cleo] = (await devices('ada', 'ben', 'cleo')) as [Device, Device, Device];
    const old = await cleo.seal();
    expect(await ada.opens(ben, old)).toBe('wrong-owner');
    const dan = await knock('dan');
    const { joined } = await commit(ada.group, [ben.group], { adds: [dan], removes: [cleo.group] });
    await ada.follow({ removed: true });
    const heir = new Device(joined[0] as Group);
    await heir.follow({ entered: true });
    expect(heir.group.ownLeaf).toBe(cleo.group.ownLeaf);
    expect([await ada.opens(heir, old), await ada.opens(cleo, old)]).toEqual(['wrong-owner', 'no-key']);
    expect(await ada.opens(heir, await heir.seal())).toBe('opened');
  });

  test('of a group that was left while they were made are not installed', async () => {
    const [ada] = (await devices('ada')) as [Device];
    const keys = new FrameKeys(ada.clock);
    const began = keys.epochBegan({ epoch: ada.group.epoch, group: ada.group, removed: false, entered: true });
    ada.group.close();
    await began.catch(() => undefined);
    expect((await keys.sealer('microphone', 'opus').seal(FRAME())).kind).toBe('refused');
  });

  test('a stream that ends or comes later shares the counter of its source', async () => {
    const [ada, ben] = (await devices('ada', 'ben')) as [Device, Device];
    const again = ada.keys.sealer('microphone', 'opus');
    const frame = await ada.seal();
    const other = await again.seal(FRAME());
    ada.sealer.close();
    expect(await ben.opens(ada, frame)).toBe('opened');
    expect(await ben.opens(ada, other.kind === 'sealed' ? other.bytes : undefined)).toBe('opened');
  });
});
