import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { UserId } from '../../src/base/index.ts';
import { AudioOutput } from '../../src/client/audio-output.ts';
import { recordedLog } from '../support/recorded-log.ts';
import { settled } from '../support/settled.ts';

/** A browser that holds sound back while `refusal` is set. */
const browser = { refusal: undefined as Error | undefined, elements: [] as FakeAudio[] };

class FakeAudio {
  srcObject: unknown = null;
  paused = true;
  sinkId = '';
  volume = 1;
  constructor() {
    browser.elements.push(this);
  }
  async setSinkId(sinkId: string): Promise<void> {
    if (sinkId === 'unplugged') throw new DOMException('', 'NotFoundError');
    this.sinkId = sinkId;
  }
  async play(): Promise<void> {
    if (browser.refusal) throw browser.refusal;
    this.paused = false;
  }
}

beforeEach(() => {
  browser.refusal = undefined;
  browser.elements = [];
  vi.stubGlobal('Audio', FakeAudio);
  vi.stubGlobal('MediaStream', class {});
});
afterEach(() => vi.unstubAllGlobals());

function open() {
  const seen = { blocked: 0, speakersGone: 0 };
  const blocked = () => {
    seen.blocked += 1;
  };
  const log = recordedLog();
  const speakerGone = () => {
    seen.speakersGone += 1;
    void output.useSpeaker(undefined);
  };
  const output = new AudioOutput({ blocked, speakerGone, log });
  return { output, seen, log };
}

const track = {} as MediaStreamTrack;

describe('sound', () => {
  test('plays, one element per track, until it is stopped', async () => {
    const { output, seen } = open();
    const stop = output.play(track);
    output.play(track);
    await settled();
    expect(browser.elements.map(({ paused }) => paused)).toEqual([false, false]);
    stop();
    expect(browser.elements.map(({ srcObject }) => srcObject !== null)).toEqual([false, true]);
    expect(seen.blocked).toBe(0);
  });

  test('that the browser holds back is told, and starts after a click', async () => {
    const { output, seen } = open();
    browser.refusal = new DOMException('', 'NotAllowedError');
    output.play(track);
    await settled();
    expect(seen.blocked).toBe(1);
    browser.refusal = undefined;
    await output.resume();
    expect(browser.elements[0]?.paused).toBe(false);
  });

  test('that was stopped before it started is no news', async () => {
    const { output, seen, log } = open();
    browser.refusal = new DOMException('', 'AbortError');
    output.play(track)();
    await settled();
    await output.resume();
    expect([seen.blocked, log.lines]).toEqual([0, []]);
  });

  test('that fails for another reason is logged', async () => {
    const { output, seen, log } = open();
    browser.refusal = new DOMException('', 'NotSupportedError');
    output.play(track);
    await settled();
    expect([seen.blocked, log.lines.map(({ event }) => event)]).toEqual([0, ['audio did not start']]);
  });
});

describe('the volume of a person', () => {
  const ada = 'ada' as UserId;
  const volumes = () => browser.elements.map(({ volume }) => volume);

  test('is of all that plays of them and will, and of nobody else', () => {
    const { output } = open();
    output.play(track, ada);
    output.play(track, 'ben' as UserId);
    output.setVolume(ada, 0.25);
    output.play(track, ada);
    expect([volumes(), output.volumeOf(ada), output.volumeOf('ben' as UserId)]).toEqual([[0.25, 1, 0.25], 0.25, 1]);
  });

  test.each([
    [0, 0],
    [-1, 0],
    [1.5, 1],
    [Number.NaN, 0.5],
  ])('%d becomes %d, where it was a half', (asked, volume) => {
    const { output } = open();
    output.play(track, ada);
    output.setVolume(ada, 0.5);
    output.setVolume(ada, asked);
    expect(volumes()).toEqual([volume]);
  });
});

describe('a speaker', () => {
  const sinks = () => browser.elements.map(({ sinkId }) => sinkId);

  test('that is chosen plays what plays already, and what comes', async () => {
    const { output } = open();
    output.play(track);
    await output.useSpeaker('headset');
    output.play(track);
    await settled();
    expect(sinks()).toEqual(['headset', 'headset']);
    await output.useSpeaker(undefined);
    expect(sinks()).toEqual(['', '']);
  });

  test('that is gone is told once, and all plays on where it did', async () => {
    const { output, seen } = open();
    output.play(track);
    output.play(track);
    await output.useSpeaker('unplugged');
    expect([seen.speakersGone, sinks()]).toEqual([1, ['', '']]);
  });

  test('that is gone when something new plays is told too', async () => {
    const { output, seen } = open();
    await output.useSpeaker('unplugged');
    expect(seen.speakersGone).toBe(0);
    output.play(track);
    await settled();
    expect([seen.speakersGone, browser.elements[0]?.paused]).toEqual([1, false]);
  });
});
