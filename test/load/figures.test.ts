import { describe, expect, test } from 'vitest';
import { figuresOf } from '../../load/figures.ts';
import { METRIC_NAMES } from '../../load/metrics.ts';
import { parseMix } from '../../load/mix.ts';
import { planOf } from '../../load/plan.ts';
import { measurement, tick } from './measured.ts';

describe('figures of known counts', () => {
  test('delivery is of the packets of the window only, in all and for each', () => {
    const figures = figuresOf(
      measurement([
        tick(1, [{ packets: 1_000, lost: 500 }, {}]),
        tick(2, [
          { packets: 1_050, lost: 500 },
          { packets: 60, lost: 10 },
        ]),
        tick(3, [
          { packets: 1_100, lost: 500 },
          { packets: 75, lost: 25 },
        ]),
      ]),
    );
    expect(figures.delivery).toMatchObject({ total: 175 / 200, min: 0.75, max: 1 });
    expect(figures.lost).toEqual({ total: 25 });
    expect(figures.packets).toMatchObject({ min: 65, max: 110 });
  });

  test('what was before the window does not count, and what came behind it neither', () => {
    const ticks = [0, 100, 300, 600, 5_000].map((packets, at) => tick(at + 1, [{ packets }]));
    expect(figuresOf(measurement(ticks, { window: { first: 1, last: 3 } })).packets).toMatchObject({
      min: 200,
      max: 300,
    });
  });

  test('seconds are as long as they were', () => {
    const figures = figuresOf(
      measurement([tick(1, [{}]), tick(3, [{ packets: 300, frames: 100 }], { spanMs: 2_000 })]),
    );
    expect(figures.packets.mean).toBe(150);
    expect(figures.frames.mean).toBe(50);
  });

  test('who is read late makes no peak, and who could not be read none either', () => {
    const figures = figuresOf(
      measurement([
        tick(1, [{ packets: 0 }, { packets: 500 }]),
        tick(2, [
          { packets: 150, atMs: 2_500 },
          { packets: 500, atMs: 1_000 },
        ]),
        tick(3, [
          { packets: 200, atMs: 3_000 },
          { packets: 700, atMs: 3_000 },
        ]),
      ]),
    );
    expect(figures.packets).toMatchObject({ min: 100, max: 200 });
  });

  test('seen is of the videos that each is to see, and never more than all of them', () => {
    const expectedVideos = new Map([
      [0, 2],
      [1, 1],
    ]);
    const figures = figuresOf(
      measurement([
        tick(1, [{ videos: 0 }, { videos: 0 }], { expectedVideos }),
        tick(2, [{ videos: 1 }, { videos: 5 }], { expectedVideos }),
        tick(3, [{ videos: 2 }, { videos: 1 }], { expectedVideos }),
      ]),
    );
    expect(figures.seen).toMatchObject({ total: 5 / 6, min: 3 / 4, max: 1 });
  });

  test('pictures are of each video that a browser is to see, and of browsers only', () => {
    const plan = planOf({
      rooms: 1,
      participants: 2,
      publishers: 2,
      mix: parseMix('browser:1,bot:1'),
      rampPerSecond: 1,
    });
    const expectedVideos = new Map([
      [0, 2],
      [1, 2],
    ]);
    const ticks = [tick(1, [{}, {}], { expectedVideos }), tick(2, [{ pictures: 60 }, {}], { expectedVideos })];
    expect(figuresOf(measurement(ticks, { plan })).pictures).toMatchObject({ min: 30, max: 30 });
  });

  test('who still waits for a first picture has waited so long at least', () => {
    const expectedVideos = new Map([
      [0, 1],
      [1, 1],
    ]);
    const figures = figuresOf(
      measurement([tick(1, [{}, {}]), tick(9, [{ firstMediaMs: 400 }, {}], { expectedVideos })]),
    );
    expect(figures['first-media']).toMatchObject({ min: 400, max: 8_000 });
  });

  test('drops are of the window, by whatever reason', () => {
    const figures = figuresOf(
      measurement([tick(1, [{ drops: { 'no-key': 7 } }]), tick(2, [{ drops: { 'no-key': 8, forged: 2 } }])]),
    );
    expect(figures.drops.total).toBe(3);
  });

  test('the cost of a packet is the CPU time of the own server over what came', () => {
    const ticks = [tick(1, [{}]), tick(2, [{ packets: 20_000 }], { serverCpu: 0.5 })];
    expect(figuresOf(measurement(ticks))['packet-cost'].total).toBeCloseTo(25);
    expect(figuresOf(measurement([tick(1, [{}]), tick(2, [{ packets: 5 }])]))['packet-cost']).toEqual({});
  });

  test('who came to no window has joins and failures, and no rate', () => {
    const failures = [{ id: 1, code: 'room-full', message: 'full' }];
    const figures = figuresOf(
      measurement([tick(1, [{}])], { window: undefined, joinMs: new Map([[0, 200]]), failures }),
    );
    expect(figures.join.p95).toBe(200);
    expect(figures.failures.total).toBe(1);
    const measured = METRIC_NAMES.filter((name) => Object.keys(figures[name]).length > 0);
    expect(measured).toEqual(['join', 'failures', 'gone']);
  });
});
