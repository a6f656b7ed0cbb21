import { describe, expect, test } from 'vitest';
import type { PeerId } from '../../src/base/index.ts';
import { ViewTeller } from '../../src/client/view-teller.ts';
import type { SentView as View } from '../../src/wire/index.ts';
import { FakeClock } from '../support/fake-clock.ts';

const tile = (peerId: string, heightPx = 180) => ({ peerId: peerId as PeerId, source: 'camera' as const, heightPx });

function open() {
  const clock = new FakeClock();
  const teller = new ViewTeller(clock);
  const views: View[] = [];
  const bind = () => teller.bind((view) => views.push(view));
  const heights = () => views.map(({ tiles }) => tiles.map(({ heightPx }) => heightPx));
  return { clock, teller, views, bind, heights };
}

const [first, second] = [{}, {}];

describe('a teller of views', () => {
  test('a new listener hears everything at once', () => {
    const { teller, bind, heights } = open();
    teller.show(first, tile('ada'));
    bind();
    expect(heights()).toEqual([[180]]);
  });

  test('so does the next one, though nothing changed', () => {
    const { teller, bind, heights } = open();
    teller.show(first, tile('ada'));
    bind();
    teller.bind(undefined);
    bind();
    expect(heights()).toEqual([[180], [180]]);
  });

  test('new tiles are gathered for one frame of the display', () => {
    const { clock, teller, bind, views, heights } = open();
    bind();
    teller.show(first, tile('ada'));
    clock.advance(10);
    teller.show(second, tile('bob', 90));
    clock.advance(5);
    expect(views).toHaveLength(1);
    clock.advance(1);
    expect(heights()).toEqual([[], [180, 90]]);
  });

  test('a tile that is being resized is told when the hand rests', () => {
    const { clock, teller, bind, heights } = open();
    teller.show(first, tile('ada'));
    bind();
    for (let heightPx = 190; heightPx <= 400; heightPx += 10) {
      teller.show(first, tile('ada', heightPx));
      clock.advance(100);
    }
    expect(heights()).toEqual([[180]]);
    clock.advance(150);
    expect(heights()).toEqual([[180], [400]]);
  });

  test('a new tile does not wait for a resize', () => {
    const { clock, teller, bind, heights } = open();
    teller.show(first, tile('ada'));
    bind();
    teller.show(first, tile('ada', 200));
    teller.show(second, tile('bob', 90));
    clock.advance(16);
    expect(heights()).toEqual([[180], [200, 90]]);
    expect(clock.pending).toBe(0);
  });

  test('a tile that came and went is not told', () => {
    const { clock, teller, bind, views } = open();
    bind();
    teller.show(first, tile('ada'));
    teller.show(first, undefined);
    clock.advance(1_000);
    expect(views).toHaveLength(1);
  });

  test('silence is told soon', () => {
    const { clock, teller, bind, views } = open();
    bind();
    teller.setHears(false);
    clock.advance(16);
    expect(views.map(({ hears }) => hears)).toEqual([true, false]);
  });

  test('nothing is told, and no timer runs, while nobody listens', () => {
    const { clock, teller, bind, views } = open();
    bind();
    teller.show(first, tile('ada'));
    teller.bind(undefined);
    teller.show(second, tile('bob'));
    expect(clock.pending).toBe(0);
    expect(views).toHaveLength(1);
  });
});
