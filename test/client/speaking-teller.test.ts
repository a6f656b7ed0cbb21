import { describe, expect, test } from 'vitest';
import { SpeakingTeller } from '../../src/client/speaking-teller.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { recordedLog } from '../support/recorded-log.ts';

const microphone = {} as MediaStreamTrack;

function open() {
  const clock = new FakeClock();
  const log = recordedLog();
  const seen = { told: 0, looks: 0, open: 0, dbov: -90, fails: false };
  const teller = new SpeakingTeller({
    clock,
    log,
    openSoundLevel: () => {
      if (seen.fails) throw new Error('no sound system');
      seen.open += 1;
      return {
        get dbov() {
          seen.looks += 1;
          return seen.dbov;
        },
        close: () => {
          seen.open -= 1;
        },
      };
    },
  });
  const bind = () => {
    teller.bind(() => {
      seen.told += 1;
    });
  };
  return { clock, log, seen, teller, bind };
}

describe('a teller of speech', () => {
  test('tells once when speech begins, within 100 ms', () => {
    const { clock, seen, teller, bind } = open();
    bind();
    teller.listenTo(microphone);
    clock.advance(1_000);
    expect(seen.told).toBe(0);
    seen.dbov = -30;
    clock.advance(100);
    expect(seen.told).toBe(1);
    clock.advance(5_000);
    expect(seen.told).toBe(1);
  });

  test('does nothing while muted, and nothing without a server', () => {
    const { clock, seen, teller, bind } = open();
    seen.dbov = -30;
    teller.listenTo(microphone);
    clock.advance(500);
    expect([seen.looks, clock.pending]).toEqual([0, 0]);
    bind();
    teller.listenTo(undefined);
    clock.advance(500);
    expect([seen.looks, seen.open, clock.pending]).toEqual([0, 0, 0]);
  });

  test('lets the microphone go when the server or the call is gone', () => {
    const { clock, seen, teller, bind } = open();
    bind();
    teller.listenTo(microphone);
    teller.bind(undefined);
    expect([seen.open, clock.pending]).toEqual([0, 0]);
    bind();
    expect(seen.open).toBe(1);
    teller.close();
    expect([seen.open, clock.pending]).toEqual([0, 0]);
  });

  test('a browser that cannot listen is logged, and nothing else', () => {
    const { log, seen, teller, bind } = open();
    seen.fails = true;
    bind();
    teller.listenTo(microphone);
    expect(log.lines.map(({ event }) => event)).toEqual(['microphone not watched']);
  });
});
