import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fitted, onCanvas, type Place } from '../../../web/recording/placing.ts';

const place = (leftPx: number, topPx: number, widthPx: number, heightPx: number): Place => ({
  leftPx,
  topPx,
  widthPx,
  heightPx,
});
const CANVAS = { widthPx: 1280, heightPx: 720 };
const lengthPx = fc.integer({ min: 1, max: 4_000 });
const size = fc.record({ widthPx: lengthPx, heightPx: lengthPx });
const somewhere = fc.record({
  leftPx: fc.integer({ min: -500, max: 500 }),
  topPx: fc.nat(500),
  widthPx: lengthPx,
  heightPx: lengthPx,
});

describe('a picture in its place', () => {
  test.each([
    ['cover', place(0, 0, 100, 100), place(-50, 0, 200, 100)],
    ['contain', place(0, 0, 100, 100), place(0, 25, 100, 50)],
    ['cover', place(10, 20, 200, 100), place(10, 20, 200, 100)],
  ] as const)('%s', (fit, where, expected) => {
    expect(fitted({ widthPx: 2, heightPx: 1 }, where, fit)).toEqual(expected);
  });

  test('keeps its shape and its middle; covers it whole, or is contained whole', () => {
    fc.assert(
      fc.property(size, somewhere, fc.constantFrom('cover' as const, 'contain' as const), (picture, where, fit) => {
        const at = fitted(picture, where, fit);
        expect(at.widthPx / at.heightPx).toBeCloseTo(picture.widthPx / picture.heightPx, 6);
        expect(at.leftPx + at.widthPx / 2).toBeCloseTo(where.leftPx + where.widthPx / 2, 3);
        expect(at.topPx + at.heightPx / 2).toBeCloseTo(where.topPx + where.heightPx / 2, 3);
        const slack = [at.widthPx - where.widthPx, at.heightPx - where.heightPx];
        if (fit === 'cover') expect(Math.min(...slack)).toBeGreaterThan(-1e-6);
        else expect(Math.max(...slack)).toBeLessThan(1e-6);
      }),
    );
  });
});

describe('a tile on the canvas', () => {
  test('is where it is on the stage, in the same proportion', () => {
    const stage = place(100, 50, 640, 360);
    expect(onCanvas(place(100, 50, 320, 180), stage, CANVAS)).toEqual(place(0, 0, 640, 360));
    expect(onCanvas(place(420, 230, 320, 180), stage, CANVAS)).toEqual(place(640, 360, 640, 360));
  });

  test('of a phone that is held upright stands in the middle', () => {
    expect(onCanvas(place(0, 0, 360, 720), place(0, 0, 360, 720), CANVAS)).toEqual(place(460, 0, 360, 720));
  });
});
