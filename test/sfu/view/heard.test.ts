import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { PeerId } from '../../../src/base/index.ts';
import { type HeardEvent, type Microphones, NOBODY, nextHeard } from '../../../src/sfu/view/heard.ts';

const MAX = 3;
const id = (name: string) => name as PeerId;

/** Events at their times, and who is heard after each. */
class Scene {
  nowMs = 0;
  choice = NOBODY;

  constructor(readonly max = MAX) {}

  get microphones(): Microphones {
    return this.choice.microphones;
  }

  get heard(): string {
    return [...this.microphones].flatMap(([peerId, { heard }]) => (heard ? [peerId] : [])).join('');
  }

  event(event: HeardEvent): string {
    this.choice = nextHeard(this.choice, event, this.nowMs, this.max);
    return this.heard;
  }

  /** Microphones that were opened one after another, long ago. */
  opened(names: string, { muted = false } = {}): this {
    for (const name of names) {
      this.event({ kind: 'opened', peerId: id(name), muted });
      this.nowMs += 10_000;
    }
    return this;
  }

  levels(levels: Record<string, number>): string {
    const entries = Object.entries(levels);
    return this.event({
      kind: 'measured',
      levels: entries.map(([name, levelDbov]) => ({ peerId: id(name), levelDbov })),
    });
  }

  says(name: string): string {
    return this.event({ kind: 'claimed', peerId: id(name) });
  }

  change(kind: 'closed' | 'muted' | 'unmuted', name: string): string {
    return this.event({ kind, peerId: id(name) });
  }

  after(passedMs: number): this {
    this.nowMs += passedMs;
    return this;
  }
}

describe('who is heard', () => {
  test('everybody in a room of as many as are heard, loud or not, muted or not', () => {
    const scene = new Scene().opened('ab').opened('c', { muted: true });
    expect(scene.heard).toBe('abc');
    expect(scene.levels({ a: -10 })).toBe('abc');
    expect(scene.change('muted', 'b')).toBe('abc');
  });

  test('the muted give their places to those who are not', () => {
    const scene = new Scene().opened('abc', { muted: true });
    expect(scene.opened('d').heard).toBe('bcd');
    expect(scene.change('unmuted', 'a')).toBe('acd');
    expect(scene.change('muted', 'd')).toBe('acd');
    expect(scene.change('unmuted', 'b')).toBe('abd');
  });

  test('who waits gets the place of who mutes or goes', () => {
    const scene = new Scene().opened('abc');
    scene.levels({ a: -20, b: -20, c: -20 });
    expect(scene.after(2_000).opened('d').heard).toBe('bcd');
    expect(scene.change('muted', 'b')).toBe('acd');
    expect(scene.change('closed', 'c')).toBe('abd');
  });

  test('a newcomer who speaks takes the place of who has been silent for longest', () => {
    const scene = new Scene().opened('abcd');
    scene.levels({ c: -20 });
    scene.after(2_000).levels({ b: -20 });
    expect(scene.heard).toBe('bcd');
    expect(scene.after(2_000).levels({ a: -30 })).toBe('abc');
  });

  test('nobody takes the place of who speaks but by being clearly louder', () => {
    const scene = new Scene().opened('abcd');
    expect(scene.levels({ b: -30, c: -28, d: -25 })).toBe('bcd');
    expect(scene.after(250).levels({ a: -25, b: -30, c: -28, d: -25 })).toBe('bcd');
    expect(scene.after(250).levels({ a: -20, b: -30, c: -28, d: -25 })).toBe('acd');
  });

  test('a pause between words costs nobody the place', () => {
    const scene = new Scene().opened('abcd');
    scene.levels({ b: -30, c: -30, d: -30 });
    expect(scene.after(900).levels({ a: -33 })).toBe('bcd');
    expect(scene.after(200).levels({ a: -33 })).toBe('acd');
  });

  test('a soft noise does not begin to speak', () => {
    const scene = new Scene().opened('abcd');
    expect(scene.levels({ a: -55 })).toBe('bcd');
  });

  test('who unmutes gets a place at once, of who has been silent for longest', () => {
    const scene = new Scene().opened('abcd');
    scene.change('muted', 'a');
    expect(scene.after(5_000).change('unmuted', 'a')).toBe('acd');
  });

  test('levels of nobody who speaks change nothing', () => {
    const scene = new Scene().opened('abcd', { muted: true }).opened('e');
    const before = scene.choice;
    scene.levels({ a: -10, e: -59, nobody: -10 });
    expect(scene.choice).toBe(before);
  });

  test('who mutes and unmutes all the time moves the others three times a second', () => {
    const scene = new Scene().opened('abcd');
    const moved = new Set<string>();
    let changes = 0;
    for (let cycle = 0; cycle < 25; cycle += 1) {
      for (const kind of ['muted', 'unmuted'] as const) {
        const before = scene.heard;
        if (scene.after(19).change(kind, 'a') !== before) changes += 1;
        moved.add(scene.heard);
      }
    }
    expect(moved.size).toBeGreaterThan(1);
    expect(changes).toBeLessThanOrEqual(6);
  });

  test('a crowd that unmutes at once gets three places in a second', () => {
    const scene = new Scene(5).opened('abcdefghij');
    for (const name of 'abcde') scene.change('muted', name);
    scene.after(5_000);
    for (const name of 'abcde') scene.change('unmuted', name);
    expect(scene.heard).toBe('abcij');
  });
});

describe('a microphone that was interrupted', () => {
  test('and has spoken last of all, is heard again', () => {
    const scene = new Scene().opened('abcd');
    const spokeMs = scene.nowMs;
    scene.levels({ d: -20 });
    scene.change('closed', 'd');
    scene.after(3_000).event({ kind: 'opened', peerId: id('d'), muted: false, spokeMs });
    expect(scene.heard).toBe('bcd');
  });

  test('takes no place of who has spoken since, and has no later turn to make room for it', () => {
    const scene = new Scene().opened('abcd');
    const spokeMs = scene.microphones.get(id('b'))?.spokeMs ?? 0;
    scene.change('closed', 'b');
    scene.levels({ a: -20, c: -20, d: -20 });
    scene.after(3_000).event({ kind: 'opened', peerId: id('b'), muted: false, spokeMs });
    expect(scene.heard).toBe('acd');
    expect(scene.microphones.get(id('b'))?.spokeMs).toBe(spokeMs);
  });
});

describe('who says that it speaks', () => {
  test('is heard at once', () => {
    const scene = new Scene().opened('abcd');
    expect(scene.says('a')).toBe('acd');
  });

  test('keeps the place when it is measured within a second, and may say so again', () => {
    const scene = new Scene().opened('abcd');
    scene.says('a');
    scene.after(500).levels({ a: -40 });
    expect(scene.after(500).says('b')).toBe('abd');
    expect(scene.after(250).levels({ b: -30, d: -30 })).toBe('abd');
    expect(scene.after(3_000).says('c')).toBe('bcd');
    expect(scene.says('a')).toBe('acd');
  });

  test('is not believed for 30 s after it was silent, nor keeps its place before others', () => {
    const scene = new Scene().opened('abcd');
    scene.says('a');
    expect(scene.after(1_100).levels({ b: -30 })).toBe('bcd');
    expect(scene.says('a')).toBe('bcd');
    expect(scene.after(29_800).says('a')).toBe('bcd');
    expect(scene.after(200).says('a')).toBe('abd');
  });

  test('and was not believed, is believed again once it was measured', () => {
    const scene = new Scene().opened('abcd');
    scene.says('a');
    scene.after(1_100).levels({ b: -30 });
    expect(scene.after(2_000).levels({ a: -30 })).toBe('abd');
    scene.after(2_000).levels({ b: -30, c: -30, d: -30 });
    expect(scene.after(2_000).says('a')).toBe('acd');
  });

  test('takes no place of who speaks, nor when muted or without a microphone', () => {
    const scene = new Scene().opened('abcd');
    scene.levels({ b: -58, c: -40, d: -45 });
    scene.levels({ b: -30 });
    expect(scene.says('a')).toBe('bcd');
    scene.change('muted', 'a');
    scene.after(5_000);
    const before = scene.choice;
    scene.says('a');
    scene.says('nobody');
    scene.says('b');
    expect(scene.choice).toBe(before);
  });

  test('takes a third place at most while two others were believed', () => {
    const scene = new Scene(5).opened('abcdefghij');
    for (const name of 'abcde') scene.says(name);
    expect(scene.heard).toBe('abcij');
    expect(scene.after(1_000).says('d')).toBe('bcdij');
  });
});

describe('any course of a call', () => {
  const name = fc.constantFrom(...'abcdefgh').map(id);
  const level = fc.record({ peerId: name, levelDbov: fc.integer({ min: -60, max: 0 }) });
  const levels = fc.uniqueArray(level, { selector: ({ peerId }) => peerId, maxLength: 8 });
  const event: fc.Arbitrary<HeardEvent> = fc.oneof(
    fc.record({ kind: fc.constant('opened' as const), peerId: name, muted: fc.boolean() }),
    fc.record({ kind: fc.constantFrom('closed' as const, 'muted', 'unmuted', 'claimed'), peerId: name }),
    fc.record({ kind: fc.constant('measured' as const), levels }),
  );
  const course = fc.array(fc.tuple(fc.integer({ min: 0, max: 1_500 }), event), { maxLength: 40 });

  function run(steps: readonly (readonly [number, HeardEvent])[]) {
    const scene = new Scene();
    return steps.flatMap(([passedMs, event]) => {
      scene.after(passedMs);
      if (event.kind === 'opened' && scene.microphones.has(event.peerId)) return [];
      const before = scene.microphones;
      scene.event(event);
      return [{ event, nowMs: scene.nowMs, before, after: scene.microphones }];
    });
  }

  const heardOf = (microphones: Microphones) =>
    [...microphones].filter(([, { heard }]) => heard).map(([peerId]) => peerId);

  test('as many are heard as may be; all who are not muted when there are no more', () => {
    fc.assert(
      fc.property(course, (steps) => {
        for (const { after } of run(steps)) {
          expect(heardOf(after).length).toBe(Math.min(MAX, after.size));
          const unmuted = [...after.values()].filter(({ muted }) => !muted);
          expect(unmuted.filter(({ heard }) => heard).length).toBe(Math.min(MAX, unmuted.length));
        }
      }),
    );
  });

  test('a step changes one place, or one for each who was measured', () => {
    fc.assert(
      fc.property(course, (steps) => {
        for (const { event, before, after } of run(steps)) {
          const came = heardOf(after).filter((peerId) => !before.get(peerId)?.heard);
          expect(came.length).toBeLessThanOrEqual(event.kind === 'measured' ? event.levels.length : 1);
        }
      }),
    );
  });

  test('in no second more than three who are open and not muted lose their places to who was not measured', () => {
    const switched = fc.record({
      kind: fc.constantFrom('opened' as const, 'closed', 'muted', 'unmuted', 'claimed'),
      peerId: name,
      muted: fc.boolean(),
    }) as fc.Arbitrary<HeardEvent>;
    const quick = fc.array(
      fc.tuple(fc.integer({ min: 0, max: 60 }), fc.oneof({ weight: 6, arbitrary: switched }, event)),
      {
        minLength: 30,
        maxLength: 120,
      },
    );
    fc.assert(
      fc.property(quick, (steps) => {
        const lostMs = run(steps).flatMap(({ event, nowMs, before, after }) =>
          event.kind === 'measured'
            ? []
            : [...after].flatMap(([peerId, { heard, muted }]) =>
                before.get(peerId)?.heard && !before.get(peerId)?.muted && !heard && !muted ? [nowMs] : [],
              ),
        );
        for (const [at, fromMs] of lostMs.entries())
          expect((lostMs[at + 3] ?? Infinity) - fromMs).toBeGreaterThanOrEqual(1_000);
      }),
    );
  });

  test('who was loud within the last second loses its place only to who is louder by 6 dB', () => {
    fc.assert(
      fc.property(course, (steps) => {
        for (const { nowMs, before, after } of run(steps)) {
          for (const [peerId, was] of before) {
            const is = after.get(peerId);
            if (!was.heard || !is || is.heard || is.muted) continue;
            if (is.levelDbov === undefined || nowMs - is.spokeMs >= 1_000) continue;
            const louder = [...after.values()].filter(
              ({ heard, levelDbov = -127 }) => heard && levelDbov >= (is.levelDbov ?? 0) + 6,
            );
            expect(louder.length).toBeGreaterThan(0);
          }
        }
      }),
    );
  });
});
