import { describe, expect, test } from 'vitest';
import {
  abortNotice,
  deviceNotice,
  isTurnedAway,
  leftNotice,
  screenLabel,
  tileLabel,
} from '../../web/strings/index.ts';

describe('what people read, in English', () => {
  test.each([
    ['Ada', { speaking: false, muted: false }, 'Ada'],
    ['Ada', { speaking: true, muted: false }, 'Ada, speaking'],
    ['Ada', { speaking: false, muted: true }, 'Ada, microphone off'],
    ['Ada', { speaking: false, muted: false, handRaised: true }, 'Ada, hand raised'],
    ['Ada', { speaking: false, muted: false, doubt: 'changed-device' as const }, 'Ada, on a new device'],
    ['Ada', { speaking: false, muted: true, quality: 'poor' as const }, 'Ada, microphone off, poor connection'],
  ])('the label of %s %o', (name, marks, label) => {
    expect(tileLabel(name, marks)).toBe(label);
    expect(screenLabel(name)).toBe('Ada: screen');
  });

  test('nobody is told that they closed the screen picker', () => {
    expect(deviceNotice({ source: 'screen', problem: 'refused' })).toBeUndefined();
    expect(deviceNotice({ source: 'camera', problem: 'refused' })).toContain('camera is blocked');
  });

  test('nobody is told why they left when they asked to', () => {
    expect(leftNotice({ kind: 'asked' })).toBeUndefined();
  });

  test('who could not come in is told so, and who was in is told that it ended', () => {
    expect(isTurnedAway({ kind: 'not-admitted', reason: 'no-proof' })).toBe(true);
    expect(isTurnedAway({ kind: 'refused', code: 'forbidden', message: '' })).toBe(true);
    expect(isTurnedAway({ kind: 'refused', code: 'replaced', message: '' })).toBe(false);
    expect(isTurnedAway({ kind: 'unreachable' })).toBe(false);
    expect(leftNotice({ kind: 'not-admitted', reason: 'no-proof' })).toContain('Ask for the link again');
  });

  test('a code that was given up names who was silent, where somebody was', () => {
    expect(abortNotice('share-missing', ['Ada', 'Béla'])).toBe('Ada, Béla fell silent before the code was done.');
    expect(abortNotice('wrong-share', [])).toContain('Somebody sent something that does not fit');
    expect(abortNotice('epoch-changed', [])).toBe('Somebody came or left before the code was done.');
  });

  test('a code that is newer than this page has words too', () => {
    expect(leftNotice({ kind: 'refused', code: 'newer-than-this', message: '' })).toBe(
      'Something went wrong on the server.',
    );
  });
});
