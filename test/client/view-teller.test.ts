import { describe, expect, test } from 'vitest';
import type { PeerId } from '../../src/base/index.ts';
import type { View } from '../../src/client/view.ts';
import { ViewTeller } from '../../src/client/view-teller.ts';
import { FakeClock } from '../support/fake-clock.ts';

const camera = (peerId: string) => ({ peerId: peerId as PeerId, source: 'camera' as const });
const tile = (peerId: string, heightPx = 180) => ({
  ...camera(peerId),
  place: { kind: 'visible' as const, heightPx },
});

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
    for (let heightPx = 190; heightPx <= 260; heightPx += 10) {
      teller.show(first, tile('ada', heightPx));
      clock.advance(100);
    }
    expect(heights()).toEqual([[180]]);
    clock.advance(150);
    expect(heights()).toEqual([[180], [260]]);
  });

  test('one that has grown by half is told soon, for it is blurred; one that shrinks can wait', () => {
    const { clock, teller, bind, heights } = open();
    teller.show(first, tile('ada', 120));
    bind();
    teller.show(first, tile('ada', 720));
    clock.advance(16);
    expect(heights()).toEqual([[120], [720]]);
    teller.show(first, tile('ada', 120));
    clock.advance(249);
    expect(heights()).toHaveLength(2);
    clock.advance(1);
    expect(heights().at(-1)).toEqual([120]);
  });

  test('neighbours that a page expects replace those it expected before', () => {
    const { clock, teller, bind, views } = open();
    bind();
    teller.expect([camera('ada')]);
    clock.advance(250);
    teller.expect([camera('bob')]);
    clock.advance(250);
    expect(views.map(({ neighbours }) => neighbours)).toEqual([[], [camera('ada')], [camera('bob')]]);
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
